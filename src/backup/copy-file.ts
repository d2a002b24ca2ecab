import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';

/** Read and written at a time: large enough for disks, small beside everything else in memory. */
const CHUNK_BYTES = 1024 * 1024;

/** What was copied or read. */
export interface HashedBytes {
  readonly bytes: number;
  readonly sha256: string;
}

/** Copies the first `limit` bytes of a file to a new private one, durably, and hashes them. */
export async function copyFile(
  from: string,
  to: string,
  limit: number,
  signal: AbortSignal,
): Promise<HashedBytes> {
  const target = await fs.open(to, 'wx', 0o600);
  try {
    const hashed = await readThrough(from, limit, signal, async (chunk) => {
      for (let done = 0; done < chunk.length;) {
        done += (await target.write(chunk, done)).bytesWritten;
      }
    });
    await target.sync();
    return hashed;
  } finally {
    await target.close();
  }
}

/** Reads and hashes a whole file. */
export function hashFile(path: string, signal: AbortSignal): Promise<HashedBytes> {
  return readThrough(path, Number.MAX_SAFE_INTEGER, signal, () => Promise.resolve());
}

async function readThrough(
  path: string,
  limit: number,
  signal: AbortSignal,
  take: (chunk: Uint8Array) => Promise<void>,
): Promise<HashedBytes> {
  const source = await fs.open(path, 'r');
  const hash = createHash('sha256');
  const buffer = new Uint8Array(CHUNK_BYTES);
  let bytes = 0;
  try {
    while (bytes < limit) {
      signal.throwIfAborted();
      const wanted = Math.min(CHUNK_BYTES, limit - bytes);
      const { bytesRead } = await source.read(buffer, 0, wanted, bytes);
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      hash.update(chunk);
      await take(chunk);
      bytes += bytesRead;
    }
  } finally {
    await source.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}
