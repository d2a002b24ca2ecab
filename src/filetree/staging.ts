import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { toHex } from '../base/bytes.ts';
import { systemCode } from '../base/error.ts';
import type { ProviderIo } from '../ports/provider.ts';
import { openFolder, type AnchoredFolder } from './anchored-folder.ts';
import { baseName } from './compare/path-text.ts';
import { TEMPORARY_NAME, treeScope, type TreeScope } from './compare/tree-scope.ts';
import { walkTree, type TreeVisitor } from './walk-tree.ts';

/** The note about a write under way. */
const NOTE = 'staging';

/** Half of the digits of a temporary name say whose write it is of, the others which file. */
const TAG_BYTES = 4;
const FILE_DIGITS = 8;

/** The temporary names of one write; no other write, of ours or of anybody else, has them. */
export interface Staging {
  /** A name that nobody uses. */
  name(): string;
  /** Forgets the write: it has removed what it staged. */
  end(): Promise<void>;
}

/**
 * Begins a write. Where it may leave copies is noted first, so that what a killed write leaves is
 * removed by the next look. A full disk does not keep the write from happening, only from that.
 */
export async function beginStaging(scope: TreeScope, io: ProviderIo): Promise<Staging> {
  const tag = toHex(randomBytes(TAG_BYTES));
  const paths = scope.roots.map(({ path }) => path);
  let isNoted = true;
  try {
    await io.notes.put(NOTE, JSON.stringify({ tag, paths }));
  } catch (thrown) {
    if (systemCode(thrown) === undefined) throw thrown;
    isNoted = false;
  }
  let names = 0;
  return {
    name() {
      names += 1;
      return `.lastgood-${tag}${names.toString(16).padStart(FILE_DIGITS, '0')}.tmp`;
    },
    async end() {
      if (isNoted) await io.notes.remove(NOTE);
    },
  };
}

/**
 * Removes what a killed write of this state left: by its own tag alone, so nothing of a living
 * writer, and no file that only looks like ours. Calls of a state take turns and a host has one
 * runner, so a noted write is dead when anybody else looks.
 */
export async function removeStaged(io: ProviderIo): Promise<void> {
  const noted = await io.notes.get(NOTE);
  if (noted === undefined) return;
  const { tag, paths } = readNote(noted);
  const scope = treeScope(paths, []);
  const sweep = new Sweep(tag);
  for (const { base } of scope.roots) await sweep.folderAt(base);
  await walkTree(scope, sweep, io.signal);
  await io.notes.remove(NOTE);
}

function readNote(text: string): { readonly tag: string; readonly paths: readonly string[] } {
  const value: unknown = JSON.parse(text);
  const { tag, paths } = { tag: '', paths: [], ...Object(value) };
  const list: readonly unknown[] = Array.isArray(paths) ? paths : [];
  return { tag: String(tag), paths: list.map(String) };
}

/** Removes the files of one tag from every folder it comes by. */
class Sweep implements TreeVisitor {
  readonly #prefix: string;

  constructor(tag: string) {
    this.#prefix = `.lastgood-${tag}`;
  }

  async file(): Promise<void> {}
  async link(): Promise<void> {}
  folder(): void {}
  special(): void {}
  excluded(): void {}
  unreadable(): void {}

  async leftover(folder: AnchoredFolder, name: string): Promise<void> {
    if (!name.startsWith(this.#prefix)) return;
    try {
      const isFolder = (await fs.lstat(folder.at(name))).isDirectory();
      await (isFolder ? fs.rmdir(folder.at(name)) : fs.unlink(folder.at(name)));
    } catch (thrown) {
      // Gone, or not ours to remove any more: a leftover is ignored by every look anyway.
      if (systemCode(thrown) === undefined) throw thrown;
    }
  }

  /** A folder above a root is not walked, and files of the root are staged there. */
  async folderAt(path: string): Promise<void> {
    try {
      const folder = await openFolder(path);
      try {
        const names = await folder.names();
        for (const name of names.filter((one) => TEMPORARY_NAME.test(baseName(one)))) {
          await this.leftover(folder, name);
        }
      } finally {
        await folder.close();
      }
    } catch (thrown) {
      if (systemCode(thrown) === undefined) throw thrown;
    }
  }
}
