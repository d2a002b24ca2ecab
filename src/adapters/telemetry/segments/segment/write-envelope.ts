import { readyKey, seal, SEAL_OVERHEAD_BYTES } from '../../../../base/aead.ts';
import {
  FINAL_BYTES,
  FRAME_BYTES,
  frameContext,
  segmentFileId,
  type FrameKind,
} from './envelope-format.ts';

/** Where the plain bytes of a segment come from. */
export interface PlainParquet {
  readonly size: number;
  read(from: number, length: number): Uint8Array;
}

/** The whole envelope in one piece of memory, ready to be written. */
export function writeEnvelope(
  header: Uint8Array,
  key: Uint8Array,
  parquet: PlainParquet,
  index: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const fileId = segmentFileId(header);
  const envelope = new Uint8Array(envelopeBytes(header.length, parquet.size, index.length));
  envelope.set(header);
  const ready = readyKey(key);
  let at = header.length;
  const put = (plain: Uint8Array, kind: FrameKind, number: number): void => {
    const sealed = seal(ready, plain, frameContext(fileId, kind, number));
    envelope.set(sealed, at);
    at += sealed.length;
  };
  for (let from = 0, number = 0; from < parquet.size; from += FRAME_BYTES, number += 1) {
    put(parquet.read(from, Math.min(FRAME_BYTES, parquet.size - from)), 'parquet', number);
  }
  for (let from = 0, number = 0; from < index.length; from += FRAME_BYTES, number += 1) {
    put(index.subarray(from, from + FRAME_BYTES), 'index', number);
  }
  const final = new Uint8Array(FINAL_BYTES);
  const view = new DataView(final.buffer);
  view.setBigUint64(0, BigInt(parquet.size), true);
  view.setBigUint64(8, BigInt(index.length), true);
  put(final, 'final', 0);
  return envelope;
}

/** The length of an envelope. */
export function envelopeBytes(header: number, parquet: number, index: number): number {
  const frames = Math.ceil(parquet / FRAME_BYTES) + Math.ceil(index / FRAME_BYTES) + 1;
  return header + parquet + index + FINAL_BYTES + frames * SEAL_OVERHEAD_BYTES;
}
