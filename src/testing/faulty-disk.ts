import { dirname } from 'node:path';
import * as fs from 'node:fs/promises';
import type { Disk, DiskFile, Room } from '../base/disk.ts';

/**
 * How the world stops at one operation: before it, after it, half-way through a write, or after it
 * with a power loss that takes everything along that was not synced.
 */
export type FaultMode = 'before' | 'after' | 'torn' | 'lost';

/** What every operation of a stopped disk throws: nothing can be done any more. */
export class DiskStoppedError extends Error {
  readonly code = 'EIO';

  constructor() {
    super('the disk has stopped');
  }
}

/** One change that power loss would take back. */
interface Unsynced {
  /** The file of a content change, the folder of a change of names. */
  readonly of: FileRecord | string;
  readonly undo: () => Promise<void>;
}

/** A file under its present name; renames move it. */
interface FileRecord {
  path: string;
}

/**
 * A real disk that counts its changing operations and stops at a chosen one, for tests that
 * enumerate every place a crash can happen at. It can also run full, or answer nothing for a while.
 */
export class FaultyDisk implements Disk {
  readonly #inner: Disk;
  readonly #stop: { readonly at: number; readonly mode: FaultMode } | undefined;
  readonly #files = new Map<string, FileRecord>();
  readonly #names: string[] = [];
  #unsynced: Unsynced[] = [];
  #stopped = false;
  #freeBytes = Number.POSITIVE_INFINITY;
  #held: Promise<void> | undefined;

  constructor(inner: Disk, stop?: { readonly at: number; readonly mode: FaultMode }) {
    this.#inner = inner;
    this.#stop = stop;
  }

  /** What was done so far, in order: `write`, `sync`, `rename` … with the name of the file. */
  get operations(): readonly string[] {
    return this.#names;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** From now on so many bytes can be written until ENOSPC; infinity mends it. */
  setFreeBytes(bytes: number): void {
    this.#freeBytes = bytes;
  }

  /** Lets every change wait, as a stuck device does, until what it answers is called. */
  hold(): () => void {
    let release = (): void => undefined;
    this.#held = new Promise((resolve) => {
      release = resolve;
    });
    return () => {
      this.#held = undefined;
      release();
    };
  }

  async open(path: string, how: 'read' | 'edit' | 'create'): Promise<DiskFile> {
    if (this.#stopped) throw new DiskStoppedError();
    if (how !== 'create')
      return this.#faulty(await this.#inner.open(path, how), this.#record(path));
    const file = await this.#perform(`create ${baseName(path)}`, async () => {
      const opened = await this.#inner.open(path, 'create');
      this.#unsynced.push({ of: dirname(path), undo: () => this.#inner.remove(path) });
      // Whoever asked for it never gets it from a stopped disk.
      if (this.#stopped) await opened.close();
      return opened;
    });
    this.#files.delete(path);
    return this.#faulty(file, this.#record(path));
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#perform(`rename ${baseName(to)}`, async () => {
      const replaced = await contentOf(to);
      await this.#inner.rename(from, to);
      const record = this.#record(from);
      this.#files.delete(from);
      record.path = to;
      this.#files.set(to, record);
      const undo = async (): Promise<void> => {
        await fs.rename(to, from);
        record.path = from;
        if (replaced !== undefined) await fs.writeFile(to, replaced);
      };
      this.#unsynced.push({ of: dirname(to), undo });
    });
  }

  async remove(path: string): Promise<void> {
    await this.#perform(`remove ${baseName(path)}`, async () => {
      const content = await contentOf(path);
      await this.#inner.remove(path);
      if (content === undefined) return;
      this.#unsynced.push({ of: dirname(path), undo: () => fs.writeFile(path, content) });
    });
  }

  async makeFolder(path: string): Promise<void> {
    await this.#perform(`makeFolder ${baseName(path)}`, () => this.#inner.makeFolder(path));
  }

  async list(path: string): Promise<readonly string[]> {
    if (this.#stopped) throw new DiskStoppedError();
    return await this.#inner.list(path);
  }

  async syncFolder(path: string): Promise<void> {
    await this.#perform(`syncFolder ${baseName(path)}`, async () => {
      await this.#inner.syncFolder(path);
      this.#unsynced = this.#unsynced.filter(({ of }) => of !== path);
    });
  }

  commit<Value>(name: string, run: () => Value): Value {
    const mode = this.#arrive(`commit ${name}`);
    if (mode === undefined) return this.#inner.commit(name, run);
    this.#stopped = true;
    if (mode === 'after' || mode === 'lost') this.#inner.commit(name, run);
    throw new DiskStoppedError();
  }

  makeRoom(): boolean {
    return this.#inner.makeRoom();
  }

  async room(folder: string): Promise<Room> {
    const { freeBytes, spareBytes } = await this.#inner.room(folder);
    return { freeBytes: Math.min(freeBytes, this.#freeBytes), spareBytes };
  }

  #faulty(file: DiskFile, record: FileRecord): DiskFile {
    return {
      write: (bytes, at) => this.#write(file, record, bytes, at),
      read: (into, at) =>
        this.#stopped ? Promise.reject(new DiskStoppedError()) : file.read(into, at),
      size: () => (this.#stopped ? Promise.reject(new DiskStoppedError()) : file.size()),
      close: () => file.close(),
      sync: () =>
        this.#perform(`sync ${baseName(record.path)}`, async () => {
          await file.sync();
          this.#unsynced = this.#unsynced.filter(({ of }) => of !== record);
        }),
      truncate: (length) =>
        this.#perform(`truncate ${baseName(record.path)}`, async () => {
          await this.#keepContent(record);
          await file.truncate(length);
        }),
    };
  }

  async #write(file: DiskFile, record: FileRecord, bytes: Uint8Array, at: number): Promise<void> {
    const half = bytes.subarray(0, Math.ceil(bytes.length / 2));
    await this.#perform(
      `write ${baseName(record.path)}`,
      async () => {
        await this.#keepContent(record);
        const room = Math.min(bytes.length, this.#freeBytes);
        await file.write(bytes.subarray(0, room), at);
        this.#freeBytes -= room;
        if (room < bytes.length) throw noSpace();
      },
      () => file.write(half, at),
    );
  }

  /** Remembers the content that power loss would bring back; test files are small. */
  async #keepContent(record: FileRecord): Promise<void> {
    if (this.#stop?.mode !== 'lost') return;
    const content = await contentOf(record.path);
    if (content === undefined) return;
    this.#unsynced.push({ of: record, undo: () => fs.writeFile(record.path, content) });
  }

  /** Runs one operation, unless the world stops at it. */
  async #perform<Value>(
    name: string,
    run: () => Promise<Value>,
    tear: () => Promise<void> = () => Promise.resolve(),
  ): Promise<Value> {
    await this.#held;
    const mode = this.#arrive(name);
    if (mode === undefined) return await run();
    this.#stopped = true;
    if (mode === 'after' || mode === 'lost') await run();
    if (mode === 'torn') await tear();
    if (mode === 'lost') {
      for (const { undo } of this.#unsynced.toReversed()) await undo();
    }
    throw new DiskStoppedError();
  }

  #arrive(name: string): FaultMode | undefined {
    if (this.#stopped) throw new DiskStoppedError();
    this.#names.push(name);
    return this.#names.length - 1 === this.#stop?.at ? this.#stop.mode : undefined;
  }

  #record(path: string): FileRecord {
    const known = this.#files.get(path) ?? { path };
    this.#files.set(path, known);
    return known;
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

async function contentOf(path: string): Promise<Uint8Array | undefined> {
  return await fs.readFile(path).catch(() => undefined);
}

function noSpace(): Error {
  return Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
}
