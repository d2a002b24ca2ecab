import { open, seal, SEAL_OVERHEAD_BYTES } from '../../../../base/aead.ts';
import { fromUtf8Strict, utf8 } from '../../../../base/bytes.ts';
import type { BatchOrigin } from '../../../../ports/telemetry-store.ts';
import { freeMemory } from '../free-memory.ts';
import { BATCH_BYTES_MAX } from '../limits.ts';

/**
 * One frame of the write-ahead log: a header of 24 bytes (magic, version, row count, LSN, length
 * of the rest; little endian), then nonce, ciphertext and tag. The header is authenticated with
 * it, and so is the log file, so that frames cannot be moved. The plain text is the origin as JSON
 * behind its length, padded to 8 bytes, then the batch.
 */
export interface Frame {
  /** Position of the first row in the whole log; a batch without rows takes one, too. */
  readonly lsn: number;
  readonly rows: number;
  readonly origin: BatchOrigin;
  readonly batch: Uint8Array<ArrayBuffer>;
}

/** "LGF" and the version of the format. */
const FRAME_MAGIC = 0x0146474c;

/** Bytes in front of the sealed part. */
export const FRAME_HEADER_BYTES = 24;

/** Origins are a source id, a sender address and a position; more is no origin. */
const ORIGIN_BYTES_MAX = 64 * 1024;

/** The LSN after a batch. */
export function lsnAfter(lsn: number, rows: number): number {
  return lsn + Math.max(1, rows);
}

/** The bytes of a frame in two parts, sealed for one log file (`fileId`). */
export function writeFrame(
  frame: Frame,
  key: Uint8Array,
  fileId: Uint8Array,
): readonly Uint8Array[] {
  const origin = utf8(JSON.stringify(frame.origin));
  const start = batchStart(origin.length);
  const plain = new Uint8Array(start + frame.batch.length);
  new DataView(plain.buffer).setUint32(0, origin.length, true);
  plain.set(origin, 4);
  plain.set(frame.batch, start);
  const header = new Uint8Array(FRAME_HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, FRAME_MAGIC, true);
  view.setUint32(4, frame.rows, true);
  view.setBigUint64(8, BigInt(frame.lsn), true);
  view.setUint32(16, plain.length + SEAL_OVERHEAD_BYTES, true);
  const sealed = seal(key, plain, Buffer.concat([header, fileId]));
  freeMemory([plain]);
  return [header, sealed];
}

/** What stands at an offset of a log file. */
export type FrameRead =
  | { readonly kind: 'frame'; readonly frame: Frame; readonly length: number }
  | { readonly kind: 'broken'; readonly why: string };

/** Bytes of the whole frame that begins with this header, if it is a header. */
export function frameLength(header: Uint8Array): number | undefined {
  if (header.length < FRAME_HEADER_BYTES) return undefined;
  const view = new DataView(header.buffer, header.byteOffset, FRAME_HEADER_BYTES);
  if (view.getUint32(0, true) !== FRAME_MAGIC || view.getUint32(20, true) !== 0) return undefined;
  const sealed = view.getUint32(16, true);
  if (sealed < SEAL_OVERHEAD_BYTES || sealed > BATCH_BYTES_MAX + ORIGIN_BYTES_MAX) return undefined;
  return FRAME_HEADER_BYTES + sealed;
}

/** Opens the frame at the beginning of `bytes`. Any bytes may be given. */
export function readFrame(bytes: Uint8Array, key: Uint8Array, fileId: Uint8Array): FrameRead {
  const length = frameLength(bytes);
  if (length === undefined) return { kind: 'broken', why: 'no frame header' };
  if (bytes.length < length) return { kind: 'broken', why: 'the frame is cut off' };
  const header = bytes.subarray(0, FRAME_HEADER_BYTES);
  const sealed = bytes.subarray(FRAME_HEADER_BYTES, length);
  const plain = open(key, sealed, Buffer.concat([header, fileId]));
  if (plain === undefined) return { kind: 'broken', why: 'the frame does not authenticate' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lsn = Number(view.getBigUint64(8, true));
  const content = readPlain(plain);
  if (content === undefined) return { kind: 'broken', why: 'the frame has no origin' };
  return { kind: 'frame', frame: { lsn, rows: view.getUint32(4, true), ...content }, length };
}

function readPlain(plain: Uint8Array): Pick<Frame, 'origin' | 'batch'> | undefined {
  if (plain.length < 4) return undefined;
  const length = new DataView(plain.buffer, plain.byteOffset, 4).getUint32(0, true);
  const start = batchStart(length);
  if (start > plain.length) return undefined;
  const text = fromUtf8Strict(plain.subarray(4, 4 + length));
  if (text === undefined) return undefined;
  const origin = parseOrigin(text);
  return origin === undefined
    ? undefined
    : { origin, batch: new Uint8Array(plain.subarray(start)) };
}

function parseOrigin(text: string): BatchOrigin | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('source' in value) || typeof value.source !== 'string') return undefined;
  if (!('sender' in value) || typeof value.sender !== 'string') return undefined;
  const { source, sender } = value;
  if (!('position' in value)) return { source, sender };
  return typeof value.position === 'string'
    ? { source, sender, position: value.position }
    : undefined;
}

/** Where the batch begins behind an origin of so many bytes: aligned, so its columns are views. */
function batchStart(originLength: number): number {
  return (4 + originLength + 7) & ~7;
}
