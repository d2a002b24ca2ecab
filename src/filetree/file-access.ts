import * as fs from 'node:fs';
import * as promises from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { systemCode } from '../base/error.ts';
import { toNodePath } from './anchored-folder.ts';

/** What Node's file functions take. */
export type NodePath = string | Buffer;

type Later<Value> = Value | Promise<Value>;

/**
 * The file calls a tree is read and written with. On file systems of this machine they are made
 * directly: ten thousand small files then cost a third of the time the thread pool takes. On any
 * other one they go through the pool, because a server that does not answer must never stop the
 * process. All throw Node's errors.
 */
export interface FileAccess {
  /** Undefined when nothing is there: to make an error of it costs more than the look. */
  lstat(path: NodePath): Later<fs.BigIntStats | undefined>;
  open(path: NodePath, flags: number, mode?: number): Later<number>;
  fstat(fd: number): Later<fs.BigIntStats>;
  read(fd: number, into: Uint8Array, at: number, length: number, from: number): Later<number>;
  write(fd: number, bytes: Uint8Array, at: number, to: number): Later<number>;
  chown(fd: number, uid: number, gid: number): Later<void>;
  chmod(fd: number, mode: number): Later<void>;
  close(fd: number): Later<void>;
  rename(from: NodePath, to: NodePath): Later<void>;
}

const direct: FileAccess = {
  lstat: (path) => fs.lstatSync(path, { bigint: true, throwIfNoEntry: false }),
  open: (path, flags, mode) => fs.openSync(path, flags, mode),
  fstat: (fd) => fs.fstatSync(fd, { bigint: true }),
  read: (fd, into, at, length, from) => fs.readSync(fd, into, at, length, from),
  write: (fd, bytes, at, to) => fs.writeSync(fd, bytes, at, bytes.length - at, to),
  chown: (fd, uid, gid) => fs.fchownSync(fd, uid, gid),
  chmod: (fd, mode) => fs.fchmodSync(fd, mode),
  close: (fd) => fs.closeSync(fd),
  rename: (from, to) => fs.renameSync(from, to),
};

const pooledRead = promisify(fs.read);
const pooledWrite = promisify(fs.write);
const pooledStat = promisify(
  (fd: number, done: (error: Error | null, stat: fs.BigIntStats) => void): void =>
    fs.fstat(fd, { bigint: true }, done),
);

const pooled: FileAccess = {
  async lstat(path) {
    try {
      return await promises.lstat(path, { bigint: true });
    } catch (thrown) {
      if (systemCode(thrown) === 'ENOENT') return undefined;
      throw thrown;
    }
  },
  open: promisify((path: NodePath, flags: number, mode: number | undefined, done: OpenDone): void =>
    fs.open(path, flags, mode, done),
  ),
  fstat: pooledStat,
  read: async (fd, into, at, length, from) =>
    (await pooledRead(fd, into, at, length, from)).bytesRead,
  write: async (fd, bytes, at, to) =>
    (await pooledWrite(fd, bytes, at, bytes.length - at, to)).bytesWritten,
  chown: promisify(fs.fchown),
  chmod: promisify(fs.fchmod),
  close: promisify(fs.close),
  rename: (from, to) => promises.rename(from, to),
};

type OpenDone = (error: Error | null, fd: number) => void;

/** Magic numbers of file systems without a server behind them (statfs(2)). */
const LOCAL_TYPES = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // XFS
  0x9123683e, // Btrfs
  0xf2f52010, // F2FS
  0x2fc12fc1, // ZFS
  0x01021994, // tmpfs
  0x858458f6, // ramfs
  0x794c7630, // overlayfs
]);

/** How files below a folder are reached; the folder must exist. */
export async function accessOf(folder: string): Promise<FileAccess> {
  const { type } = await promises.statfs(toNodePath(folder));
  return LOCAL_TYPES.has(type) ? direct : pooled;
}

/** How long direct calls may follow each other before everybody else gets a turn. */
const TURN_MS = 8;

/** Lets the rest of the process go on, however many direct calls follow each other. */
export class Breather {
  #since = performance.now();

  /** Waits for a turn of the event loop when the last was too long ago. */
  async breathe(): Promise<void> {
    if (performance.now() - this.#since < TURN_MS) return;
    await nextTurn();
    this.#since = performance.now();
  }
}
