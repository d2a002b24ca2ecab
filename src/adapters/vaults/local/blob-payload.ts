import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { sha256 } from '../../../base/hash.ts';
import type { BlobHash } from '../../../model/capture.ts';
import { BLOB_BYTES_MAX } from '../../../ports/vault.ts';

/** Below this the frame costs more than it saves. */
const COMPRESS_BYTES_MIN = 128;

/** Level 1: measured at 200 MB/s a core with nearly the ratio of level 3 at 160. */
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** What of a blob is stored: compressed when that is smaller. */
export function packPayload(blob: Uint8Array): {
  readonly payload: Uint8Array;
  readonly isCompressed: boolean;
} {
  if (blob.length >= COMPRESS_BYTES_MIN) {
    const payload = zstdCompressSync(blob, ZSTD);
    if (payload.length < blob.length) return { payload, isCompressed: true };
  }
  return { payload: blob, isCompressed: false };
}

/** The blob of a payload; undefined when it does not decompress within a blob's bounds. */
export function unpackPayload(payload: Uint8Array, isCompressed: boolean): Uint8Array | undefined {
  if (!isCompressed) return payload;
  try {
    return zstdDecompressSync(payload, { maxOutputLength: BLOB_BYTES_MAX });
  } catch {
    return undefined;
  }
}

/** The address of bytes. */
export function addressOf(bytes: Uint8Array): BlobHash {
  return sha256(bytes) as BlobHash;
}
