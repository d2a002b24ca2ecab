import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as promises from 'node:fs/promises';
import { dirname } from 'node:path';
import { isDiskFull } from './disk-full.ts';
import { systemCode } from './error.ts';

/** It grows and shrinks by a sixteenth: small enough that one small write costs little of it. */
const STEPS = 16;

/** What file systems give room by; anything smaller would free nothing. */
const BLOCK_BYTES = 64 * 1024;

/** On a small disk no more than an eighth is set aside: the disk is there for something else. */
const SHARE_MAX = 1 / 8;

/** Bytes written at once, so that growing never takes much memory. */
const CHUNK_BYTES = 1024 * 1024;

/** How a reserve stands. */
export interface ReserveState {
  /** What it shall hold: as asked for, or what a small disk allows. */
  readonly wantedBytes: number;
  readonly heldBytes: number;
  /** What is free beside it. */
  readonly freeBytes: number;
  /** What must be free for it to become whole; 0 when it is. */
  readonly neededBytes: number;
  /** It is not whole, and there is no room to make it so. */
  readonly isShort: boolean;
}

/**
 * Room on a disk that is set aside as a file and given up step by step when the disk is full, so
 * that what must be written then can be. Several processes may give up parts of the same one.
 */
export class Reserve {
  readonly #path: string;
  readonly #bytes: number;
  readonly #share: number;

  /**
   * `bytes` 0: nothing is set aside, and what an earlier start has set aside is given back. Absent:
   * somebody else sets it aside, and we only use it. `share`: of `bytes`, when others on the disk
   * set aside the rest.
   */
  constructor(path: string, bytes?: number, share = 1) {
    this.#path = path;
    this.#bytes = bytes ?? this.#heldBytes();
    this.#share = share;
  }

  /** Asks the disk. Throws system errors. */
  state(): ReserveState {
    const { blocks, bavail, bsize } = fs.statfsSync(dirname(this.#path));
    const allowed = Math.min(this.#bytes, blocks * bsize * SHARE_MAX) * this.#share;
    const wantedBytes = Math.floor(allowed / BLOCK_BYTES) * BLOCK_BYTES;
    const heldBytes = this.#heldBytes();
    const freeBytes = bavail * bsize;
    const missing = Math.max(0, wantedBytes - heldBytes);
    // Never the last of a disk: so much as is missing must be free, and a step more.
    const neededBytes = missing + Math.min(missing, stepOf(wantedBytes));
    return { wantedBytes, heldBytes, freeBytes, neededBytes, isShort: freeBytes < neededBytes };
  }

  /** The number of the file system it lies on. Throws system errors. */
  device(): number {
    return fs.statSync(dirname(this.#path)).dev;
  }

  /** Sets one step more aside; answers whether it did. Throws system errors. */
  async grow(): Promise<boolean> {
    const { wantedBytes, heldBytes, isShort } = this.state();
    const missing = wantedBytes - heldBytes;
    if (this.#bytes === 0 && heldBytes > 0) await promises.rm(this.#path, { force: true });
    if (missing <= 0 || isShort) return false;
    try {
      await append(this.#path, Math.min(missing, stepOf(wantedBytes)));
      return true;
    } catch (thrown) {
      if (isDiskFull(thrown)) return false;
      throw thrown;
    }
  }

  /**
   * Gives one step up, unless less than `keepShare` of the whole would be left; answers whether it
   * did. Waits for nobody, because a transaction does not wait either. Throws system errors.
   */
  giveUp(keepShare = 0): boolean {
    const { wantedBytes, heldBytes } = this.state();
    const left = Math.max(0, heldBytes - stepOf(wantedBytes));
    if (heldBytes === 0 || left < wantedBytes * keepShare) return false;
    const file = fs.openSync(this.#path, fs.constants.O_RDWR | fs.constants.O_NOFOLLOW);
    try {
      fs.ftruncateSync(file, left);
      // Some file systems free what was cut off only when that is durable.
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    return true;
  }

  /** What `giveUp` would give up in the end. Throws system errors. */
  spareBytes(keepShare: number): number {
    const { wantedBytes, heldBytes } = this.state();
    const step = stepOf(wantedBytes);
    return Math.max(0, Math.floor((heldBytes - wantedBytes * keepShare) / step) * step);
  }

  #heldBytes(): number {
    try {
      return fs.lstatSync(this.#path).size;
    } catch (thrown) {
      if (systemCode(thrown) === 'ENOENT') return 0;
      throw thrown;
    }
  }
}

function stepOf(bytes: number): number {
  return Math.max(BLOCK_BYTES, Math.ceil(bytes / STEPS / BLOCK_BYTES) * BLOCK_BYTES);
}

/** Appended, so that a step given up meanwhile leaves no hole that would hold nothing. */
async function append(path: string, bytes: number): Promise<void> {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = fs.constants;
  const file = await promises.open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  try {
    // Not zeros: some file systems keep those without giving them room.
    const chunk = randomBytes(Math.min(bytes, CHUNK_BYTES));
    for (let left = bytes; left > 0; left -= chunk.length) {
      await file.appendFile(chunk.subarray(0, left));
    }
  } finally {
    await file.close();
  }
}
