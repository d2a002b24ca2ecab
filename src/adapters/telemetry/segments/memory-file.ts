import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { assert } from '../../../base/assert.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import type { LastgoodError } from '../../../base/error.ts';
import { toHex } from '../../../base/bytes.ts';
import { lgError } from '../../../model/errors/lg-error.ts';

/** `f_type` of file systems that live in memory: tmpfs and ramfs (statfs(2)). */
const MEMORY_TYPES: readonly number[] = [0x01021994, 0x858458f6];

/**
 * A file in memory without a name: it is unlinked while still empty, so no instant exists at which
 * kill -9 would leave something to read. The query engine opens it as `/proc/self/fd/N`.
 */
export class MemoryFile {
  readonly #fd: number;
  /** Whoever made it, plus every query that reads it now. */
  #users = 1;

  constructor(folder: string) {
    const path = `${folder}/.lastgood-${process.pid}-${toHex(randomBytes(8))}`;
    const flags = fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_EXCL;
    this.#fd = fs.openSync(path, flags, 0o600);
    fs.unlinkSync(path);
  }

  /** The path by which this process, and no other user's, opens it again. */
  get path(): string {
    return `/proc/self/fd/${this.#fd}`;
  }

  get size(): number {
    return fs.fstatSync(this.#fd).size;
  }

  write(parts: readonly Uint8Array[], at: number): void {
    let offset = at;
    for (let i = 0; i < parts.length; i += PARTS_MAX) {
      const group = parts.slice(i, i + PARTS_MAX);
      const length = group.reduce((sum, part) => sum + part.length, 0);
      let done = fs.writevSync(this.#fd, group, offset);
      // A partial write is rare: a signal, or a memory file system that is nearly full.
      if (done < length) {
        const rest = Buffer.concat(group).subarray(done);
        while (done < length) {
          const from = rest.length - (length - done);
          done += fs.writeSync(this.#fd, rest, from, length - done, offset + done);
        }
      }
      offset += length;
    }
  }

  read(from: number, length: number): Uint8Array<ArrayBuffer> {
    const into = new Uint8Array(length);
    this.readInto(into, from);
    return into;
  }

  /** Fills `into`; what lies behind the end of the file is zero. */
  readInto(into: Uint8Array, from: number): void {
    let done = 0;
    while (done < into.length) {
      const got = fs.readSync(this.#fd, into, done, into.length - done, from + done);
      if (got === 0) break;
      done += got;
    }
    into.fill(0, done);
  }

  /** Keeps the memory for one more user, until that one releases it. */
  retain(): void {
    assert(this.#users > 0, 'a released memory file is not used again');
    this.#users += 1;
  }

  /** Gives up one use; the last one frees the memory. */
  release(): void {
    assert(this.#users > 0, 'a memory file is released once by each user');
    this.#users -= 1;
    if (this.#users === 0) fs.closeSync(this.#fd);
  }
}

/** The kernel takes at most 1,024 parts in one call. */
const PARTS_MAX = 1000;

/**
 * A folder whose files live in memory and never reach a disk, with the bytes free in it. Plain
 * evidence may lie nowhere else, so without one the store does not open.
 */
export function memoryFolder(): Result<
  { readonly path: string; readonly freeBytes: number },
  LastgoodError
> {
  const candidates = ['/dev/shm', `/run/user/${process.getuid?.() ?? 0}`, '/run', '/tmp'];
  for (const path of candidates) {
    try {
      const stat = fs.statfsSync(path);
      if (!MEMORY_TYPES.includes(stat.type)) continue;
      fs.accessSync(path, fs.constants.W_OK);
      return ok({ path, freeBytes: stat.bavail * stat.bsize });
    } catch {
      // Missing or not ours: the next one.
      continue;
    }
  }
  return err(lgError('LG_STORE_NO_MEMORY_FILES', `none of ${candidates.join(', ')} is a tmpfs`));
}
