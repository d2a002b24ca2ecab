import type { BigIntStats } from 'node:fs';
import type { StateItem } from '../model/checkpoint/capture.ts';
import type { ProviderIo } from '../ports/provider.ts';
import { readLink, type AnchoredFolder } from './anchored-folder.ts';
import { baseName } from './compare/path-text.ts';
import type { ItemPair } from './compare/tree-changes.ts';
import { sameItem } from '../model/checkpoint/same-item.ts';
import { attributesOf, readAttributes, type TreeAttributes } from './compare/tree-item.ts';
import type { FileAccess, NodePath } from './file-access.ts';
import { ContentReader } from './read-content.ts';
import { fileOf, folderOf, linkOf } from './stat-attributes.ts';
import { stampOf } from './stat-cache.ts';
import { readXattrs } from './xattrs.ts';

/** Thrown before an item that is not as it was looked at would be replaced or removed. */
export class ForeignChange extends Error {}

/** Where an item is, how it is reached, and the stamp it had when it was looked at. */
export interface ItemPlace {
  readonly folder: AnchoredFolder;
  readonly access: FileAccess;
  readonly stamp: string | undefined;
}

/**
 * Throws unless the item at its place is as it was looked at, or already as wanted. Where the
 * stamp is the same that costs one stat; otherwise the item is read again, because what only was
 * touched, or whose other name was replaced, is still nobody's change.
 */
export async function requireExpected(
  place: ItemPlace,
  pair: ItemPair,
  io: ProviderIo,
): Promise<void> {
  const { path, from, to } = pair;
  const at = place.folder.at(baseName(path));
  const stat = await place.access.lstat(at);
  if (stat === undefined) {
    if (from !== undefined) throw new ForeignChange(`${path} was removed by somebody else`);
    return;
  }
  const stamp = stampOf(stat);
  if (from !== undefined && stamp === place.stamp) return;
  const item = await readItem(place, pair, stat, io);
  const isKnown = item !== undefined && (sameItem(item, from) || sameItem(item, to));
  const since = await place.access.lstat(at);
  if (isKnown && since !== undefined && stampOf(since) === stamp) return;
  const what = from === undefined ? 'made' : 'changed';
  throw new ForeignChange(`${path} was ${what} by somebody else; it is left as it is`);
}

async function readItem(
  { folder, access }: ItemPlace,
  { path, from, to }: ItemPair,
  stat: BigIntStats,
  io: ProviderIo,
): Promise<StateItem | undefined> {
  const name = baseName(path);
  if (stat.isSymbolicLink()) {
    return { path, attributes: attributesOf(linkOf(stat, await readLink(folder, name))) };
  }
  if (stat.isDirectory()) {
    // Asking a program for every folder that gets a file would cost more than the files.
    const hasXattrs = [from, to].some((item) => item !== undefined && xattrsOf(item) !== undefined);
    const own = hasXattrs ? await xattrsAt(folder.at(name), io) : {};
    return { path, attributes: attributesOf({ ...folderOf(stat), ...own }) };
  }
  if (!stat.isFile()) return undefined;
  const read = await new ContentReader(io, false).read(folder.at(name), access);
  const attributes = { ...fileOf(read.stat), ...(await xattrsAt(folder.at(name), io)) };
  const { hashes: content, size } = read;
  return { path, attributes: attributesOf(attributes), content, size };
}

function xattrsOf(item: StateItem): TreeAttributes['xattrs'] {
  return readAttributes(item)?.xattrs;
}

async function xattrsAt(at: NodePath, io: ProviderIo): Promise<Pick<TreeAttributes, 'xattrs'>> {
  // Another program reaches our open folder by our process id alone.
  const path = at.toString().replace('/proc/self/', `/proc/${process.pid}/`);
  const xattrs = (await readXattrs([path], io))?.get(path);
  return xattrs === undefined ? {} : { xattrs };
}
