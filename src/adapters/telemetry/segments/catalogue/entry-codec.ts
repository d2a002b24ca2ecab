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

/** The sealed bytes of a segment's side: two filters with their lengths, density in JSON. */
export function sealSide(key: Uint8Array, segment: string, side: SegmentSide): Uint8Array {
  const { traceFilter, textFilter } = side;
  const density = zstdCompressSync(utf8(JSON.stringify(side.density ?? null)));
  const lengths = new Uint8Array(SIDE_HEAD_BYTES);
  const view = new DataView(lengths.buffer);
  view.setUint32(0, traceFilter.length, true);
  view.setUint32(4, textFilter.length, true);
  return seal(key, Buffer.concat([lengths, traceFilter, textFilter, density]), sideName(segment));
}

/** The side, or undefined when it was altered. */
export function openSide(
  key: Uint8Array,
  segment: string,
  sealed: Uint8Array,
): SegmentSide | undefined {
  const plain = open(key, sealed, sideName(segment));
  if (plain === undefined) return undefined;
  const view = new DataView(plain.buffer, plain.byteOffset, SIDE_HEAD_BYTES);
  const textAt = SIDE_HEAD_BYTES + view.getUint32(0, true);
  const densityAt = textAt + view.getUint32(4, true);
  // Copies, so that the density need not be kept with them.
  const traceFilter = new Uint8Array(plain.subarray(SIDE_HEAD_BYTES, textAt));
  const textFilter = new Uint8Array(plain.subarray(textAt, densityAt));
  const packed = plain.subarray(densityAt);
  const json = fromUtf8(zstdDecompressSync(packed, { maxOutputLength: SIDE_BYTES_MAX }));
  const density = JSON.parse(json) as readonly number[] | null;
  return density === null ? { traceFilter, textFilter } : { traceFilter, textFilter, density };
}

/** Lengths of both filters. */
const SIDE_HEAD_BYTES = 8;

/** Names the second form of a side; one of the first had no texts, and does not open. */
function sideName(segment: string): Uint8Array {
  return utf8(`side 2 ${segment}`);
}
