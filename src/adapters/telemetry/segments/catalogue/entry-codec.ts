import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { open, seal } from '../../../../base/aead.ts';
import { fromUtf8, utf8 } from '../../../../base/bytes.ts';
import { sha256 } from '../../../../base/hash.ts';
import type { CatalogueEntry, SegmentSide } from './catalogue-entry.ts';

/** A side of 20,000 density entries and a filter of 300,000 traces has less than a tenth of it. */
const SIDE_BYTES_MAX = 64 * 1024 * 1024;

/** The hash the first entry is chained to. */
export const CHAIN_START = '0'.repeat(64);

/** The hash of an entry: of the entry before and of its own sealed bytes. */
export function chainHash(before: string, number: number, sealed: Uint8Array): string {
  return sha256(`${before}/${number}/${sha256(sealed)}`);
}

/** The sealed bytes of an entry; component names and keys in it are nobody else's business. */
export function sealEntry(key: Uint8Array, number: number, entry: CatalogueEntry): Uint8Array {
  return seal(key, zstdCompressSync(utf8(JSON.stringify(entry))), utf8(`entry ${number}`));
}

/** The entry, or undefined when key, number or any byte is not the one sealed with. */
export function openEntry(
  key: Uint8Array,
  number: number,
  sealed: Uint8Array,
): CatalogueEntry | undefined {
  const packed = open(key, sealed, utf8(`entry ${number}`));
  if (packed === undefined) return undefined;
  const plain = zstdDecompressSync(packed, { maxOutputLength: SIDE_BYTES_MAX });
  return JSON.parse(fromUtf8(plain)) as CatalogueEntry;
}

/** The sealed bytes of a segment's side: filter length, filter, density as compressed JSON. */
export function sealSide(key: Uint8Array, segment: string, side: SegmentSide): Uint8Array {
  const density = zstdCompressSync(utf8(JSON.stringify(side.density ?? null)));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, side.traceFilter.length, true);
  const plain = Buffer.concat([length, side.traceFilter, density]);
  return seal(key, plain, utf8(`side ${segment}`));
}

/** The side, or undefined when it was altered. */
export function openSide(
  key: Uint8Array,
  segment: string,
  sealed: Uint8Array,
): SegmentSide | undefined {
  const plain = open(key, sealed, utf8(`side ${segment}`));
  if (plain === undefined) return undefined;
  const length = new DataView(plain.buffer, plain.byteOffset, 4).getUint32(0, true);
  const traceFilter = new Uint8Array(plain.subarray(4, 4 + length));
  const packed = plain.subarray(4 + length);
  const json = fromUtf8(zstdDecompressSync(packed, { maxOutputLength: SIDE_BYTES_MAX }));
  const density = JSON.parse(json) as readonly number[] | null;
  return density === null ? { traceFilter } : { traceFilter, density };
}
