import { basename, dirname, join } from 'node:path';
import { messageOf, systemCode } from '../../../base/error.ts';
import type { FileAccess, FileIdentity, OpenFile } from './file-access.ts';
import { EMPTY_MARK, HEAD_BYTES, markOf, marks, type FilePosition } from './file-position.ts';
import { judgeCopy, readMarked } from './judge-copy.ts';
import { TailedFile } from './tailed-file.ts';

/** Each followed file keeps a descriptor open; Linux gives a process 1,024 by default. */
const FILES_MAX = 512;

/** Rotated files that are packed were read before they were packed. */
const PACKED = /\.(gz|zst|bz2|xz|zip|lz4)$/;

/** A writer may keep a rotated file open this long after its last line. */
const ROTATED_QUIET_MS = 60_000;

/** At the very first start, older lines of giant files are left out. */
const FIRST_START_BYTES_MAX = 64 * 1024 * 1024;

/** A file that began like another one and stopped growing this long ago is no copy being made. */
const COPYING_MS = 3_000;

/**
 * Positions of files that are not there at the moment, kept in case they come back. They are stored
 * with each batch, so there are few.
 */
const ABSENT_MAX = 64;

/** What following needs. */
export interface FollowParts {
  readonly access: FileAccess;
  readonly patterns: readonly string[];
  readonly start: 'beginning' | 'end';
  /** How much of each file is read at the very first start; absent: all but of giant ones. */
  readonly lookBackBytes: number | undefined;
  /** Of the newest durable batch; undefined at the very first start. */
  readonly stored: readonly FilePosition[] | undefined;
  /** Told when lines of a giant file are left out. */
  leftOut(path: string, bytes: number): void;
}

/** The files some patterns lead to, found anew again and again, and where we stand in each. */
export class FollowedFiles {
  readonly #parts: FollowParts;
  readonly #files = new Map<string, TailedFile>();
  readonly #unreadable = new Map<string, string>();
  /** Newest last. */
  #absent: readonly FilePosition[];
  #isFirstLook = true;
  /** Files that are too short to tell whether they are copies, by path. */
  readonly #unclear = new Map<string, { readonly size: number; readonly nowMs: number }>();

  constructor(parts: FollowParts) {
    this.#parts = parts;
    this.#absent = parts.stored ?? [];
  }

  /** The files being followed. */
  get files(): Iterable<TailedFile> {
    return this.#files.values();
  }

  /** How many files are being followed. */
  get count(): number {
    return this.#files.size;
  }

  /** Files that cannot be read, and why; of the last look. */
  get unreadable(): ReadonlyMap<string, string> {
    return this.#unreadable;
  }

  /** All positions, with `moved` for the files whose chunks are just becoming durable. */
  positions(moved: ReadonlyMap<TailedFile, FilePosition>): readonly FilePosition[] {
    const followed = [...this.#files.values()].map((file) => moved.get(file) ?? file.position);
    return [...followed, ...this.#absent];
  }

  /**
   * Keeps a position that has no file at the moment: of a file that went (it may come back with its
   * folder), or from before a file was cut (its copy goes on from there).
   */
  remember(position: FilePosition): void {
    const others = this.#absent.filter(({ identity }) => identity !== position.identity);
    this.#absent = [...others, position].slice(-ABSENT_MAX);
  }

  /** Looks for files that came, went or were renamed. */
  async look(nowMs: number): Promise<void> {
    this.#unreadable.clear();
    for (const file of this.#files.values()) file.isListed = false;
    for (const path of await listPaths(this.#parts)) await this.#lookAt(path, nowMs);
    for (const pattern of this.#parts.patterns) await this.#lookAtFolderOf(pattern);
    if (this.#isFirstLook) await this.#findRotated(nowMs);
    this.#isFirstLook = false;
    for (const [identity, file] of this.#files) {
      if (file.isListed || nowMs - file.grownMs < ROTATED_QUIET_MS) continue;
      this.#files.delete(identity);
      this.remember(file.position);
      await file.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#files.values()].map((file) => file.close()));
    this.#files.clear();
  }

  async #lookAt(path: string, nowMs: number): Promise<void> {
    const identity = await this.#identify(path);
    if (identity === undefined) return;
    const known = this.#files.get(identity);
    if (known === undefined) {
      await this.#follow(path, nowMs);
    } else if (!known.isListed) {
      // Of several names of one file the first one counts.
      known.isListed = true;
      known.position = { ...known.position, path };
    }
  }

  /** A pattern finds nothing in a folder that may not be listed: that must not look like quiet. */
  async #lookAtFolderOf(pattern: string): Promise<void> {
    const wild = pattern.search(/[*?[{]/);
    if (wild < 0) return;
    const folder = pattern.slice(0, pattern.lastIndexOf('/', wild)) || '/';
    const code = await this.#parts.access.refusal(folder);
    if (code !== undefined) this.#unreadable.set(folder, code);
  }

  async #identify(path: string): Promise<FileIdentity | undefined> {
    try {
      return await this.#parts.access.identify(path);
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      this.#unreadable.set(path, code);
      return undefined;
    }
  }

  async #follow(path: string, nowMs: number): Promise<TailedFile | undefined> {
    if (this.#files.size >= FILES_MAX) {
      this.#unreadable.set(path, `more than ${FILES_MAX} files match; narrow the patterns`);
      return undefined;
    }
    const handle = await openGuarded(this.#parts.access, path, this.#unreadable);
    if (handle === undefined) return undefined;
    const known = (await this.#resumed(handle, path)) ?? (await this.#copied(handle, path, nowMs));
    if (known === 'later') {
      await handle.close();
      return undefined;
    }
    const isFirstStart = this.#isFirstLook && this.#parts.stored === undefined;
    const position = known ?? (await begun(handle, path, isFirstStart, this.#parts));
    const file = new TailedFile(handle, position, nowMs);
    this.#files.set(handle.identity, file);
    return file;
  }

  /** The stored position, if the file is still the one it was made for. */
  async #resumed(handle: OpenFile, path: string): Promise<FilePosition | undefined> {
    for (const stored of this.#absent) {
      if (stored.identity !== handle.identity) continue;
      const head = await readMarked(handle, 0, stored.head.length);
      if (!marks(stored.head, head)) continue;
      this.#forget(stored);
      return { ...stored, path };
    }
    return undefined;
  }

  /** What the file is read from when it is a copy; 'later' when it is not read, for now or ever. */
  async #copied(
    handle: OpenFile,
    path: string,
    nowMs: number,
  ): Promise<FilePosition | 'later' | undefined> {
    const followed = [...this.#files.values()].map(({ position }) => position);
    const verdict = await judgeCopy(handle, path, [
      ...this.#absent.map((position) => ({ position, isFollowed: false })),
      ...followed.map((position) => ({ position, isFollowed: true })),
    ]);
    if (verdict.kind === 'copy') return 'later';
    if (verdict.kind === 'unclear' && this.#isGrowing(path, (await handle.look()).size, nowMs)) {
      return 'later';
    }
    this.#unclear.delete(path);
    if (verdict.kind !== 'rest') return undefined;
    this.#forget(verdict.original);
    return { ...verdict.original, path, identity: handle.identity };
  }

  /** Whether a file that is too short to be judged has grown lately, or was just found. */
  #isGrowing(path: string, size: number, nowMs: number): boolean {
    const before = this.#unclear.get(path);
    if (before === undefined || before.size !== size) this.#unclear.set(path, { size, nowMs });
    return before === undefined || before.size !== size || nowMs - before.nowMs < COPYING_MS;
  }

  #forget(position: FilePosition): void {
    this.#absent = this.#absent.filter((other) => other !== position);
  }

  /** Files that were renamed out of the patterns while we were down are read to their end. */
  async #findRotated(nowMs: number): Promise<void> {
    for (const position of this.#absent) {
      const folder = dirname(position.path);
      for (const name of await this.#parts.access.names(folder)) {
        if (!name.startsWith(basename(position.path)) || PACKED.test(name)) continue;
        const path = join(folder, name);
        if ((await this.#identify(path)) !== position.identity) continue;
        if (this.#files.has(position.identity)) continue;
        const file = await this.#follow(path, nowMs);
        if (file !== undefined) file.isListed = false;
      }
    }
  }
}

async function listPaths(parts: FollowParts): Promise<readonly string[]> {
  const lists = await Promise.all(parts.patterns.map((pattern) => parts.access.list(pattern)));
  return [...new Set(lists.flat())].filter((path) => !PACKED.test(path)).toSorted();
}

async function openGuarded(
  access: FileAccess,
  path: string,
  unreadable: Map<string, string>,
): Promise<OpenFile | undefined> {
  try {
    return await access.open(path);
  } catch (error) {
    // A file that went between the look and the open is no problem.
    if (systemCode(error) !== 'ENOENT') unreadable.set(path, systemCode(error) ?? messageOf(error));
    return undefined;
  }
}

async function begun(
  handle: OpenFile,
  path: string,
  isFirstStart: boolean,
  parts: FollowParts,
): Promise<FilePosition> {
  const { size } = await handle.look();
  const head = markOf(await readMarked(handle, 0, Math.min(HEAD_BYTES, size)));
  const fresh = { path, identity: handle.identity, head, tail: EMPTY_MARK };
  if (!isFirstStart) return { ...fresh, offset: 0, isSkipping: false };
  if (parts.start === 'end') return { ...fresh, offset: size, isSkipping: false };
  const omitted = Math.max(0, size - (parts.lookBackBytes ?? FIRST_START_BYTES_MAX));
  if (omitted > 0 && parts.lookBackBytes === undefined) parts.leftOut(path, omitted);
  return { ...fresh, offset: omitted, isSkipping: omitted > 0 };
}
