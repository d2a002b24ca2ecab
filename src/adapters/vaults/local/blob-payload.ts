import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { giveBackBytes } from '../../../base/give-back-bytes.ts';
import { sha256 } from '../../../base/hash.ts';
import type { BlobHash } from '../../../model/checkpoint/capture.ts';
import { BLOB_BYTES_MAX } from '../../../ports/vault.ts';

/** Below this the frame costs more than it saves. */
const COMPRESS_BYTES_MIN = 128;

/** Level 1: measured at half the time of level 3 with nearly its ratio. */
const LEVEL = 1;

/** What zstd may need beyond incompressible content; one output buffer then holds the result. */
const FRAME_BYTES = 1024;

/** What of a blob is stored. */
export interface Packed {
  readonly payload: Uint8Array;
  readonly isCompressed: boolean;
}

/** Compressed when that is smaller, else the blob itself. */
export function packPayload(blob: Uint8Array): Packed {
  if (blob.length >= COMPRESS_BYTES_MIN) {
    const payload = zstdCompressSync(blob, {
      params: { [constants.ZSTD_c_compressionLevel]: LEVEL },
      chunkSize: blob.length + FRAME_BYTES,
      pledgedSrcSize: blob.length,
    });
    if (payload.length < blob.length) return { payload, isCompressed: true };
    giveBackBytes(payload);
  }
  return { payload: blob, isCompressed: false };
}

/**
 * The blob of a payload; undefined when it does not decompress within a blob's bounds. Knowing its
 * length saves collecting it from small pieces.
 */
export function unpackPayload(
  payload: Uint8Array,
  isCompressed: boolean,
  plainBytes = 0,
): Uint8Array | undefined {
  if (!isCompressed) return payload;
  // Even an authenticated length is only a hint: the bounds hold in any case.
  const chunkSize = Math.min(Math.max(plainBytes + FRAME_BYTES, 16_384), BLOB_BYTES_MAX);
  try {
    return zstdDecompressSync(payload, { maxOutputLength: BLOB_BYTES_MAX, chunkSize });
  } catch {
    return undefined;
  }
}

/** The address of bytes. */
export function addressOf(bytes: Uint8Array): BlobHash {
  return sha256(bytes) as BlobHash;
}
