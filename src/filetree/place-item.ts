import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { toHex } from '../base/bytes.ts';
import { systemCode } from '../base/error.ts';
import { unwrap } from '../base/result.ts';
import type { ProviderIo } from '../ports/provider.ts';
import { toNodePath, type AnchoredFolder } from './anchored-folder.ts';
import { baseName } from './compare/path-text.ts';
import { readAttributes, type TreeAttributes } from './compare/tree-item.ts';
import type { ItemPair } from './compare/tree-changes.ts';
import { removeLeftovers, type FolderCache } from './folder-cache.ts';
import { stageFile, type StagedFile } from './stage-file.ts';
import { writeXattrs } from './xattrs.ts';

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

/** Puts the desired item in its place; folders only come to be, `settleFolder` ends them. */
export async function placeItem(
  folders: FolderCache,
  pair: ItemPair,
  staged: StagedFile | undefined,
  io: ProviderIo,
): Promise<void> {
  const { path, to } = pair;
  const wanted = to === undefined ? undefined : readAttributes(to);
  if (to === undefined || wanted === undefined) return;
  const folder = await folders.toChange(path);
  const name = baseName(path);
  if (wanted.type === 'folder') {
    await makeFolder(folder, name);
  } else if (wanted.type === 'link') {
    await replaceLink(folder, name, wanted);
  } else {
    const file = staged ?? (await stageFile(await folders.placeOf(path), to, io));
    try {
      if (staged === undefined) await file.sync();
      await file.place(name);
    } finally {
      await file.discard();
    }
  }
}

async function makeFolder(folder: AnchoredFolder, name: string): Promise<void> {
  try {
    await fs.mkdir(folder.at(name), { mode: 0o700 });
  } catch (thrown) {
    if (systemCode(thrown) !== 'EEXIST') throw thrown;
  }
}

/** A link cannot be changed in place: a new one is renamed over it, so there is always one. */
async function replaceLink(
  folder: AnchoredFolder,
  name: string,
  wanted: TreeAttributes,
): Promise<void> {
  const temporary = `.lastgood-${toHex(randomBytes(8))}.tmp`;
  await fs.symlink(toNodePath(wanted.target ?? ''), folder.at(temporary));
  try {
    const stat = await fs.lstat(folder.at(temporary));
    if (stat.uid !== wanted.uid || stat.gid !== wanted.gid) {
      await fs.lchown(folder.at(temporary), wanted.uid, wanted.gid);
    }
    await fs.rename(folder.at(temporary), folder.at(name));
  } catch (thrown) {
    await ignoreMissing(fs.unlink(folder.at(temporary)));
    throw thrown;
  }
}

/** Gives a placed folder its owner, mode and extended attributes. */
export async function settleFolder(
  folders: FolderCache,
  { path, from, to }: ItemPair,
  io: ProviderIo,
): Promise<void> {
  const wanted = to === undefined ? undefined : readAttributes(to);
  if (to === undefined || wanted?.type !== 'folder') return;
  const before = from === undefined ? undefined : readAttributes(from);
  const parent = await folders.toChange(path);
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  const handle = await fs.open(parent.at(baseName(path)), flags);
  try {
    const stat = await handle.stat();
    if (stat.uid !== wanted.uid || stat.gid !== wanted.gid) {
      await handle.chown(wanted.uid, wanted.gid);
    }
    await handle.chmod(Number.parseInt(wanted.mode ?? '0755', 8));
    const target = `/proc/${process.pid}/fd/${handle.fd}`;
    const failure = unwrap(await writeXattrs(target, before?.xattrs, wanted.xattrs, io));
    if (failure !== undefined) throw new Error(`${path}: ${failure}`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function ignoreMissing(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (thrown) {
    if (systemCode(thrown) !== 'ENOENT') throw thrown;
  }
}
