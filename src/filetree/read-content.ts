import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { sha256 } from '../base/hash.ts';
import { unwrap } from '../base/result.ts';
import type { BlobHash } from '../model/capture.ts';
import type { ProviderIo } from '../ports/provider.ts';
import { BLOB_BYTES_MAX } from '../ports/vault.ts';
import type { BigIntStats } from 'node:fs';

/** A file's content as blobs, and the stat it had when it was opened. */
export interface ReadContent {
  readonly hashes: readonly BlobHash[];
  readonly size: number;
  readonly stat: BigIntStats;
  /** Nothing about the file changed while it was read. */
  readonly steady: boolean;
}

/**
 * Reads a file in chunks of at most BLOB_BYTES_MAX, hashes them and, for a capture, stores them.
 * Never follows a link and never waits for a pipe's writer. Throws Node's errors.
 */
export async function readContent(
  path: string | Buffer,
  io: ProviderIo,
  store: boolean,
): Promise<ReadContent> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await fs.open(path, flags);
  try {
    const stat = await handle.stat({ bigint: true });
    if (!stat.isFile()) throw new Error('it is no regular file any more');
    const hashes: BlobHash[] = [];
    let size = 0;
    for (;;) {
      io.signal.throwIfAborted();
      const left = Number(stat.size) - size;
      const wanted = left > 0 ? Math.min(BLOB_BYTES_MAX, left + 1) : BLOB_BYTES_MAX;
      const chunk = await readChunk(handle, wanted, size);
      if (chunk.length === 0) break;
      size += chunk.length;
      hashes.push(store ? unwrap(await io.putBlob(chunk)) : hashOf(chunk));
      if (chunk.length < wanted) break;
    }
    const after = await handle.stat({ bigint: true });
    const steady = after.ctimeNs === stat.ctimeNs && Number(stat.size) === size;
    return { hashes, size, stat, steady };
  } finally {
    await handle.close();
  }
}

/** The address a vault gives these bytes. */
export function hashOf(bytes: Uint8Array): BlobHash {
  // The one place outside a vault that makes a hash a blob's address.
  return sha256(bytes) as BlobHash;
}

/** Up to `length` bytes; fewer only at the end. One byte more than expected finds growth. */
async function readChunk(
  handle: fs.FileHandle,
  length: number,
  position: number,
): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}
