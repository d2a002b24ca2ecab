import {
  newDataKey,
  open,
  seal,
  SEAL_OVERHEAD_BYTES,
  sealInto,
  type SealKey,
} from '../../../base/aead.ts';
import { concatBytes, fromHex, fromUtf8Strict, toHex, utf8 } from '../../../base/bytes.ts';
import { parseJsonObject } from '../../../base/parse-json.ts';
import type { BlobHash } from '../../../model/checkpoint/capture.ts';
import { isBlobHash } from '../../../model/checkpoint/image-blob.ts';
import type { WrappedKey } from '../../../ports/keyring.ts';

/**
 * A pack file, numbers big-endian:
 *
 *     header   "LGPACK1\n" · u32 length · JSON {"keyId","wrapped"}, the pack's own data key
 *     records  u32 word (bit 31: compressed, rest: length) · sealed payload, one per blob
 *     index    sealed entries of 44 bytes: SHA-256 · u32 offset · u32 word · u32 plain length
 *     trailer  u32 length of the sealed index · "LGPIDX1\n"
 *
 * Records and index are sealed to the pack's id and to their place in it, so nothing can be moved
 * within or between packs. Hashes stand in the index alone: the records betray no content, and
 * without the index they can still be opened and hashed one by one.
 */
const HEADER_MAGIC = utf8('LGPACK1\n');
const TRAILER_MAGIC = utf8('LGPIDX1\n');

/** Bytes of a trailer. */
export const TRAILER_BYTES = 4 + TRAILER_MAGIC.length;

const ENTRY_BYTES = 44;
const COMPRESSED = 0x8000_0000;

/** Bytes of a record beside its payload. */
export const RECORD_OVERHEAD_BYTES = 4 + SEAL_OVERHEAD_BYTES;

/** Bytes one blob adds to the index. */
export const INDEX_ENTRY_BYTES = ENTRY_BYTES;

/** A header is a fixed few words and one wrapped key. */
export const HEADER_BYTES_MAX = 4096;

/** Where a blob lies in its pack. */
export interface PackEntry {
  readonly hash: BlobHash;
  readonly offset: number;
  /** Length of the sealed payload and whether it is compressed, as in the record. */
  readonly word: number;
  /** Length of the blob. */
  readonly plainBytes: number;
}

/** A key for one pack. */
export function newPackKey(): Uint8Array {
  return newDataKey();
}

/** The header of a pack. */
export function writeHeader(key: WrappedKey): Uint8Array {
  const json = utf8(JSON.stringify({ keyId: key.keyId, wrapped: key.wrapped }));
  return concatBytes([HEADER_MAGIC, u32(json.length), json]);
}

/** The wrapped key of a header and where the records begin; undefined when it is none. */
export function readHeader(
  bytes: Uint8Array,
): { readonly key: WrappedKey; readonly length: number } | undefined {
  if (!startsWith(bytes, HEADER_MAGIC) || bytes.length < 12) return undefined;
  const length = 12 + viewOf(bytes).getUint32(8);
  if (length > bytes.length) return undefined;
  const { keyId, wrapped } =
    parseJsonObject(fromUtf8Strict(bytes.subarray(12, length)) ?? '') ?? {};
  if (typeof keyId !== 'string' || typeof wrapped !== 'string') return undefined;
  return { key: { keyId, wrapped }, length };
}

/** Writes the record of a payload into its place at `offset` of a pack; answers its word. */
export function writeRecord(
  memory: Uint8Array,
  { key, pack, offset }: { readonly key: SealKey; readonly pack: string; readonly offset: number },
  payload: Uint8Array,
  isCompressed: boolean,
): number {
  const length = payload.length + SEAL_OVERHEAD_BYTES;
  const word = (length | (isCompressed ? COMPRESSED : 0)) >>> 0;
  viewOf(memory).setUint32(offset, word);
  const place = memory.subarray(offset + 4, offset + 4 + length);
  sealInto(place, key, payload, recordContext(pack, offset, word));
  return word;
}

/** The payload of a record; undefined when any byte of it is not the one written there. */
export function openRecord(
  key: SealKey,
  pack: string,
  offset: number,
  word: number,
  sealed: Uint8Array,
): Uint8Array | undefined {
  return open(key, sealed, recordContext(pack, offset, word));
}

/** Length of the sealed payload a word stands for. */
export function sealedBytes(word: number): number {
  return word & ~COMPRESSED;
}

/** Whether the payload behind a word is compressed. */
export function isCompressed(word: number): boolean {
  return word >>> 31 === 1;
}

function recordContext(pack: string, offset: number, word: number): Uint8Array {
  return utf8(`lastgood pack ${pack} record ${offset} ${word}`);
}

function indexContext(pack: string): Uint8Array {
  return utf8(`lastgood pack ${pack} index`);
}

/** Sealed index and trailer of a pack. */
export function writeFooter(key: SealKey, pack: string, entries: readonly PackEntry[]): Uint8Array {
  const plain = new Uint8Array(entries.length * ENTRY_BYTES);
  const view = viewOf(plain);
  for (const [index, { hash, offset, word, plainBytes }] of entries.entries()) {
    const at = index * ENTRY_BYTES;
    plain.set(fromHex(hash) ?? new Uint8Array(32), at);
    view.setUint32(at + 32, offset);
    view.setUint32(at + 36, word);
    view.setUint32(at + 40, plainBytes);
  }
  const sealed = seal(key, plain, indexContext(pack));
  return concatBytes([sealed, u32(sealed.length), TRAILER_MAGIC]);
}

/** Length of the sealed index before a trailer; undefined when it is no trailer. */
export function readTrailer(bytes: Uint8Array): number | undefined {
  if (bytes.length !== TRAILER_BYTES || !startsWith(bytes.subarray(4), TRAILER_MAGIC)) {
    return undefined;
  }
  return viewOf(bytes).getUint32(0);
}

/** The entries of a sealed index; undefined when it does not open. */
export function readIndex(
  key: SealKey,
  pack: string,
  sealed: Uint8Array,
): readonly PackEntry[] | undefined {
  const plain = open(key, sealed, indexContext(pack));
  if (plain === undefined || plain.length % ENTRY_BYTES !== 0) return undefined;
  const view = viewOf(plain);
  const entries: PackEntry[] = [];
  for (let at = 0; at < plain.length; at += ENTRY_BYTES) {
    const hash: unknown = toHex(plain.subarray(at, at + 32));
    if (!isBlobHash(hash)) return undefined;
    const offset = view.getUint32(at + 32);
    const word = view.getUint32(at + 36);
    entries.push({ hash, offset, word, plainBytes: view.getUint32(at + 40) });
  }
  return entries;
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value);
  return bytes;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function startsWith(bytes: Uint8Array, magic: Uint8Array): boolean {
  return magic.every((byte, at) => bytes[at] === byte);
}
