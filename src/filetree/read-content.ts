import { constants, type BigIntStats } from 'node:fs';
import { sha256 } from '../base/hash.ts';
import { unwrap } from '../base/result.ts';
import type { BlobHash } from '../model/checkpoint/capture.ts';
import type { ProviderIo } from '../ports/provider.ts';
import { BLOB_BYTES_MAX } from '../ports/vault.ts';
import type { FileAccess, NodePath } from './file-access.ts';

/** A file's content as blobs, and the stat it had when it was opened. */
export interface ReadContent {
  readonly hashes: readonly BlobHash[];
  readonly size: number;
  readonly stat: BigIntStats;
  /** Nothing about the file changed while it was read. */
  readonly steady: boolean;
}

/** Reads one file at a time into one memory: ten thousand files leave nothing to collect. */
export class ContentReader {
  readonly #io: Pick<ProviderIo, 'signal' | 'putBlob'>;
  readonly #store: boolean;
  readonly #buffer = Buffer.allocUnsafeSlow(BLOB_BYTES_MAX);

  /** `store`: a capture stores contents, an observation only hashes them. */
  constructor(io: Pick<ProviderIo, 'signal' | 'putBlob'>, store: boolean) {
    this.#io = io;
    this.#store = store;
  }

  /**
   * Reads a file in chunks of BLOB_BYTES_MAX. Never follows a link and never waits for a pipe's
   * writer. Throws Node's errors. Must not be called again before it has answered.
   */
  async read(path: NodePath, access: FileAccess): Promise<ReadContent> {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const fd = await access.open(path, flags);
    try {
      const stat = await access.fstat(fd);
      if (!stat.isFile()) throw new Error('it is no regular file any more');
      const hashes: BlobHash[] = [];
      let size = 0;
      for (;;) {
        this.#io.signal.throwIfAborted();
        const length = await this.#fill(fd, size, access);
        if (length === 0) break;
        size += length;
        hashes.push(await this.#hash(this.#buffer.subarray(0, length)));
        if (length < BLOB_BYTES_MAX) break;
      }
      const after = await access.fstat(fd);
      const steady = after.ctimeNs === stat.ctimeNs && Number(stat.size) === size;
      return { hashes, size, stat, steady };
    } finally {
      await access.close(fd);
    }
  }

  async #hash(chunk: Uint8Array): Promise<BlobHash> {
    return this.#store ? unwrap(await this.#io.putBlob(chunk)) : hashOf(chunk);
  }

  /** Fills the memory from a position on; less only at the end of the file. */
  async #fill(fd: number, position: number, access: FileAccess): Promise<number> {
    let done = 0;
    while (done < BLOB_BYTES_MAX) {
      const left = BLOB_BYTES_MAX - done;
      const count = await access.read(fd, this.#buffer, done, left, position + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }
}

/** The address a vault gives these bytes. */
export function hashOf(bytes: Uint8Array): BlobHash {
  // The one place outside a vault that makes a hash a blob's address.
  return sha256(bytes) as BlobHash;
}
