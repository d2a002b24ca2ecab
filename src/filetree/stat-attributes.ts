import type { BigIntStats } from 'node:fs';
import type { TreeAttributes } from './compare/tree-item.ts';

/** What the stat of a file says of it; its extended attributes are read elsewhere. */
export function fileOf(stat: BigIntStats): TreeAttributes {
  return { type: 'file', ...ownerOf(stat), mode: modeOf(stat) };
}

/** What the stat of a folder says of it. */
export function folderOf(stat: BigIntStats): TreeAttributes {
  return { type: 'folder', ...ownerOf(stat), mode: modeOf(stat) };
}

/** What a link is: its mode means nothing. */
export function linkOf(stat: BigIntStats, target: string): TreeAttributes {
  return { type: 'link', ...ownerOf(stat), target };
}

function ownerOf(stat: BigIntStats): { readonly uid: number; readonly gid: number } {
  return { uid: Number(stat.uid), gid: Number(stat.gid) };
}

function modeOf(stat: BigIntStats): string {
  return (Number(stat.mode) & 0o7777).toString(8).padStart(4, '0');
}
