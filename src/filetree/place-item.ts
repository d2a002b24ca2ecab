import * as fs from 'node:fs/promises';
import { systemCode } from '../base/error.ts';
import type { ProviderIo } from '../ports/provider.ts';
import { toNodePath, type AnchoredFolder } from './anchored-folder.ts';
import { baseName } from './compare/path-text.ts';
import { readAttributes, type TreeAttributes } from './compare/tree-item.ts';
import type { ExpectedTree } from './expected-tree.ts';
import type { ItemPair } from './compare/tree-changes.ts';
import { removeLeftovers, type FolderCache } from './folder-cache.ts';
import { setFolder } from './make-folder.ts';
import { stageFile, type StagedFile } from './stage-file.ts';

/** Removes the present item. A folder must be empty but for our own leftovers. */
export async function removeItem(folders: FolderCache, { path, from }: ItemPair): Promise<void> {
  const folder = await folders.existing(path);
  if (folder === undefined) return;
  await folders.toChange(path);
  const name = baseName(path);
  if (from !== undefined && readAttributes(from)?.type === 'folder') {
    const below = await folder.open(name);
    await removeLeftovers(below).finally(() => below.close());
    await folders.forget(path);
    await ignoreMissing(fs.rmdir(folder.at(name)));
  } else {
    await ignoreMissing(fs.unlink(folder.at(name)));
  }
}

/** The new form of an item, when it was prepared, and the guard of what it replaces. */
export interface PlacedItem {
  readonly staged: StagedFile | undefined;
  readonly expected: Pick<ExpectedTree, 'require'>;
}

/** Puts the desired item in its place; `settleFolder` ends what folders are. */
export async function placeItem(
  folders: FolderCache,
  pair: ItemPair,
  { staged, expected }: PlacedItem,
  io: ProviderIo,
): Promise<void> {
  const { path, from, to } = pair;
  const wanted = to === undefined ? undefined : readAttributes(to);
  if (to === undefined || wanted === undefined) return;
  const folder = await folders.toChange(path);
  const name = baseName(path);
  if (wanted.type === 'folder') {
    const isThere = from !== undefined && readAttributes(from)?.type === 'folder';
    if (isThere || folders.hasMade(path)) return;
    await expected.require(pair);
    await folders.make(path, wanted, io);
  } else if (wanted.type === 'link') {
    await replaceLink(folder, name, folders.temporaryName(), wanted, () => expected.require(pair));
  } else {
    const file =
      staged ?? (await stageFile(await folders.placeOf(path), to, (hash) => io.getBlob(hash), io));
    try {
      if (staged === undefined) await file.sync();
      await expected.require(pair);
      await file.place(name);
    } finally {
      await file.discard();
    }
  }
}

/** A link cannot be changed in place: a new one is renamed over it, so there is always one. */
async function replaceLink(
  folder: AnchoredFolder,
  name: string,
  temporary: string,
  wanted: TreeAttributes,
  requireExpected: () => Promise<void>,
): Promise<void> {
  await fs.symlink(toNodePath(wanted.target ?? ''), folder.at(temporary));
  try {
    const stat = await fs.lstat(folder.at(temporary));
    if (stat.uid !== wanted.uid || stat.gid !== wanted.gid) {
      await fs.lchown(folder.at(temporary), wanted.uid, wanted.gid);
    }
    await requireExpected();
    await fs.rename(folder.at(temporary), folder.at(name));
  } catch (thrown) {
    await ignoreMissing(fs.unlink(folder.at(temporary)));
    throw thrown;
  }
}

/** Gives a folder its owner, mode and extended attributes, once nothing is put into it any more. */
export async function settleFolder(
  folders: FolderCache,
  { path, from, to }: ItemPair,
  io: ProviderIo,
): Promise<void> {
  const wanted = to === undefined ? undefined : readAttributes(to);
  if (wanted?.type !== 'folder') return;
  const before = from === undefined ? undefined : readAttributes(from);
  await setFolder(await folders.toChange(path), baseName(path), before, wanted, 0, io);
}

async function ignoreMissing(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (thrown) {
    if (systemCode(thrown) !== 'ENOENT') throw thrown;
  }
}
