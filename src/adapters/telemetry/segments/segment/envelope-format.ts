import { fromUtf8, utf8 } from '../../../../base/bytes.ts';
import { sha256 } from '../../../../base/hash.ts';
import type { WrappedKey } from '../../../../ports/keyring.ts';
import { parseWrapped } from '../log/log-file.ts';

/**
 * A segment file: a header (magic, length, JSON of the wrapped data key), the Parquet file in
 * frames of 64 KiB, the index in frames of 64 KiB, and a final frame of fixed size that says how
 * long both are. Every frame is sealed with AES-256-GCM; its place, its kind and the hash of the
 * header are authenticated with it, so that nothing can be cut, swapped or put together anew.
 */
const SEGMENT_MAGIC = utf8('LGSEG\u0000\u0000\u0001');

/** Plain bytes of a frame: small enough that a column chunk needs few bytes more than its own. */
export const FRAME_BYTES = 64 * 1024;

/** Plain bytes of the final frame: two lengths of 8 bytes. */
export const FINAL_BYTES = 16;

/** What part of the envelope a frame belongs to. */
export type FrameKind = 'parquet' | 'index' | 'final';

const KIND_BYTE: Readonly<Record<FrameKind, number>> = { parquet: 1, index: 2, final: 3 };

/** What is authenticated with a frame besides its content. */
export function frameContext(fileId: Uint8Array, kind: FrameKind, number: number): Uint8Array {
  const context = new Uint8Array(fileId.length + 5);
  context.set(fileId);
  context[fileId.length] = KIND_BYTE[kind];
  new DataView(context.buffer).setUint32(fileId.length + 1, number, true);
  return context;
}

/** The header of a new segment. */
export function segmentHeader({ keyId, wrapped }: WrappedKey): Uint8Array {
  const json = utf8(JSON.stringify({ keyId, wrapped }));
  const header = new Uint8Array(SEGMENT_MAGIC.length + 4 + json.length);
  header.set(SEGMENT_MAGIC);
  new DataView(header.buffer).setUint32(SEGMENT_MAGIC.length, json.length, true);
  header.set(json, SEGMENT_MAGIC.length + 4);
  return header;
}

/** Length of the header that begins here, and the wrapped key in it; undefined for others. */
export function readSegmentHeader(
  bytes: Uint8Array,
): { readonly length: number; readonly wrapped: WrappedKey } | undefined {
  const jsonStart = SEGMENT_MAGIC.length + 4;
  if (bytes.length < jsonStart) return undefined;
  if (SEGMENT_MAGIC.some((byte, i) => bytes[i] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = jsonStart + view.getUint32(SEGMENT_MAGIC.length, true);
  if (length > bytes.length) return undefined;
  const wrapped = parseWrapped(fromUtf8(bytes.subarray(jsonStart, length)));
  return wrapped === undefined ? undefined : { length, wrapped };
}

/** The hash of a header: binds frames to their file. */
export function segmentFileId(header: Uint8Array): Uint8Array {
  return Buffer.from(sha256(header), 'hex');
}
