import * as fs from 'node:fs/promises';
import { systemCode } from '../base/error.ts';
import { accessOf, type FileAccess } from './file-access.ts';
import { makeFolder } from './make-folder.ts';
import type { TreeAttributes } from './compare/tree-item.ts';
import type { StagePlace } from './stage-file.ts';
import { openFolder, toNodePath, type AnchoredFolder } from './anchored-folder.ts';
import type { ProviderIo } from '../ports/provider.ts';
import { baseName, folderName } from './compare/path-text.ts';
import { rootOf, TEMPORARY_NAME, type TreeScope } from './compare/tree-scope.ts';

/** Folders held open at once; enough for siblings, far below the usual limit of descriptors. */
const OPEN_MAX = 64;

/**
 * The open folders of one write. Every folder is reached from its root's base, one part at a time
 * and never through a link; what was touched is fsynced at the end.
 */
export class FolderCache {
  readonly #scope: TreeScope;
  readonly #open = new Map<string, AnchoredFolder>();
  readonly #touched = new Set<string>();
  readonly #accesses = new Map<string, FileAccess>();
  /** Folders made, in order. */
  readonly #made = new Set<string>();
  #hasMadeBase = false;
  /** A free name for something on its way to its place. */
  readonly temporaryName: () => string;

  constructor(scope: TreeScope, temporaryName: () => string) {
    this.#scope = scope;
    this.temporaryName = temporaryName;
  }

  /** The folder that holds the item at `path`; undefined when it is not there. */
  async existing(path: string): Promise<AnchoredFolder | undefined> {
    try {
      return await this.#reach(folderName(path), this.#baseOf(path), false);
    } catch (thrown) {
      const code = systemCode(thrown);
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return undefined;
      throw thrown;
    }
  }

  /** The folder to change for the item at `path`; makes what lies above a root. */
  async toChange(path: string): Promise<AnchoredFolder> {
    const folder = await this.#reach(folderName(path), this.#baseOf(path), true);
    this.#touched.add(path);
    return folder;
  }

  /** Where a new form of the file at `path` is staged. */
  async placeOf(path: string): Promise<StagePlace> {
    await this.toChange(path);
    const access = await this.accessOf(path);
    return { access, find: () => this.toChange(path), name: this.temporaryName };
  }

  /** How the item at `path` is reached; the base of its root must be there. */
  async accessOf(path: string): Promise<FileAccess> {
    const base = this.#baseOf(path);
    const access = this.#accesses.get(base) ?? (await accessOf(base));
    this.#accesses.set(base, access);
    return access;
  }

  /** Makes a folder that is not there. */
  async make(path: string, wanted: TreeAttributes, io: ProviderIo): Promise<void> {
    const parent = await this.toChange(path);
    await makeFolder(parent, baseName(path), wanted, this.temporaryName(), io);
    this.#made.add(path);
  }

  /** Whether `make` made this folder. */
  hasMade(path: string): boolean {
    return this.#made.has(path);
  }

  /** Takes back what `make` did; false when something was done that cannot be taken back. */
  async unmake(): Promise<boolean> {
    let isClean = !this.#hasMadeBase;
    for (const path of [...this.#made].toReversed()) {
      await this.forget(path);
      const folder = await this.existing(path);
      const removed = folder !== undefined && (await tried(fs.rmdir(folder.at(baseName(path)))));
      isClean &&= removed;
    }
    return isClean;
  }

  /** Forgets a folder that is being removed or replaced, and everything below. */
  async forget(path: string): Promise<void> {
    for (const [key, folder] of this.#open) {
      if (key !== path && !key.startsWith(`${path}/`)) continue;
      this.#open.delete(key);
      await folder.close();
    }
  }

  /** Number of folders changed. */
  get touched(): number {
    return new Set([...this.#touched].map(folderName)).size;
  }

  /** Removes what killed writes left in changed folders before an instant. */
  async removeLeftovers(leftBeforeMs: number): Promise<void> {
    await this.#eachTouched((folder) => removeLeftovers(folder, leftBeforeMs));
  }

  /** fsync of every changed folder that is still there. */
  async syncTouched(): Promise<void> {
    await this.#eachTouched((folder) => folder.sync());
  }

  async #eachTouched(work: (folder: AnchoredFolder) => Promise<void>): Promise<void> {
    const parents = new Map<string, string>();
    for (const path of this.#touched) parents.set(folderName(path), path);
    for (const path of parents.values()) {
      const folder = await this.existing(path);
      if (folder !== undefined) await work(folder);
    }
  }

  async close(): Promise<void> {
    for (const folder of this.#open.values()) await folder.close();
    this.#open.clear();
  }

  #baseOf(path: string): string {
    const root = rootOf(this.#scope, path);
    if (root === undefined) throw new Error(`broken invariant: ${path} is outside of its scope`);
    return root.base;
  }

  async #reach(path: string, base: string, make: boolean): Promise<AnchoredFolder> {
    const cached = this.#open.get(path);
    if (cached !== undefined) return cached;
    const folder =
      path === base ? await this.#base(base, make) : await this.#below(path, base, make);
    await this.#evict(path, base);
    this.#open.set(path, folder);
    return folder;
  }

  async #below(path: string, base: string, make: boolean): Promise<AnchoredFolder> {
    const parent = await this.#reach(folderName(path), base, make);
    return parent.open(baseName(path));
  }

  async #base(base: string, make: boolean): Promise<AnchoredFolder> {
    try {
      return await openFolder(base);
    } catch (thrown) {
      if (!make || systemCode(thrown) !== 'ENOENT') throw thrown;
      await fs.mkdir(toNodePath(base), { recursive: true, mode: 0o755 });
      this.#hasMadeBase = true;
      return openFolder(base);
    }
  }

  /** Closes the oldest folder that does not lie on the way to the one now wanted. */
  async #evict(path: string, base: string): Promise<void> {
    if (this.#open.size < OPEN_MAX) return;
    for (const [key, folder] of this.#open) {
      if (key === base || path === key || path.startsWith(`${key}/`)) continue;
      this.#open.delete(key);
      await folder.close();
      return;
    }
  }
}

/** Removes our temporary files last changed before an instant; one that is gone is fine. */
export async function removeLeftovers(
  folder: AnchoredFolder,
  beforeMs = Number.POSITIVE_INFINITY,
): Promise<void> {
  for (const name of await folder.names()) {
    if (!TEMPORARY_NAME.test(name)) continue;
    try {
      const stat = await fs.lstat(folder.at(name));
      if (stat.mtimeMs >= beforeMs) continue;
      await (stat.isDirectory() ? fs.rmdir(folder.at(name)) : fs.unlink(folder.at(name)));
    } catch (thrown) {
      if (systemCode(thrown) !== 'ENOENT') throw thrown;
    }
  }
}

async function tried(work: Promise<void>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
