import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { systemCode } from './error.ts';
import { fillFrom } from './fill-from.ts';

/** An open file. Offsets are absolute; a write writes all of its bytes or throws. */
export interface DiskFile {
  write(bytes: Uint8Array, at: number): Promise<void>;
  /** Fills `into` from `at`; answers how many bytes there were. */
  read(into: Uint8Array, at: number): Promise<number>;
  /** fsync: what was written survives power loss once this answers. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

/** What may be written on a disk. */
export interface Room {
  readonly freeBytes: number;
  /** Set aside, and given up for this writer once nothing is free. */
  readonly spareBytes: number;
}

/**
 * The file layer of everything durable. It is an argument, so that tests can stop the world before
 * and after each single write, sync, rename, removal and commit. Failures throw Node's errors.
 */
export interface Disk {
  /** `create` fails when the file exists; `edit` needs it to exist; files are made with 0600. */
  open(path: string, how: 'read' | 'edit' | 'create'): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; a missing one is fine. */
  remove(path: string): Promise<void>;
  /** Makes a folder and its parents with 0700; an existing one is fine. */
  makeFolder(path: string): Promise<void>;
  /** Names in a folder, sorted; [] when there is no such folder. */
  list(path: string): Promise<readonly string[]>;
  /** fsync of a folder: renames and removals in it survive power loss. */
  syncFolder(path: string): Promise<void>;
  /** Runs a database commit; the point where tests stop the world around it. */
  commit<Value>(name: string, run: () => Value): Value;
  /** The disk is full: gives up room that was set aside for this; false when there is none left. */
  makeRoom(): boolean;
  /** What may be written into a folder. */
  room(folder: string): Promise<Room>;
}

/** The disk of this machine. */
export const realDisk: Disk = {
  async open(path, how) {
    return diskFile(await fs.open(path, FLAGS[how], 0o600));
  },
  rename: (from, to) => fs.rename(from, to),
  async remove(path) {
    await fs.rm(path, { force: true });
  },
  async makeFolder(path) {
    await fs.mkdir(path, { recursive: true, mode: 0o700 });
  },
  async list(path) {
    try {
      return (await fs.readdir(path)).toSorted();
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    }
  },
  async syncFolder(path) {
    const folder = await fs.open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  commit: (_name, run) => run(),
  makeRoom: () => false,
  async room(folder) {
    const { bavail, bsize } = await fs.statfs(folder);
    return { freeBytes: bavail * bsize, spareBytes: 0 };
  },
};

const FLAGS = {
  read: constants.O_RDONLY,
  edit: constants.O_RDWR,
  create: constants.O_RDWR | constants.O_CREAT | constants.O_EXCL,
} as const;

function diskFile(handle: fs.FileHandle): DiskFile {
  return {
    async write(bytes, at) {
      let done = 0;
      while (done < bytes.length) {
        const left = bytes.length - done;
        done += (await handle.write(bytes, done, left, at + done)).bytesWritten;
      }
    },
    read: (into, at) => fillFrom(handle, into, at),
    sync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    size: async () => (await handle.stat()).size,
    close: () => handle.close(),
  };
}
