import * as fs from 'node:fs/promises';
import { systemCode } from '../base/error.ts';
import { unwrap } from '../base/result.ts';
import type { BlobHash, StateImage } from '../model/checkpoint/capture.ts';
import type { ProviderIo } from '../ports/provider.ts';
import { toNodePath } from './anchored-folder.ts';
import { folderName } from './compare/path-text.ts';
import { differingItems, type ItemPair } from './compare/tree-changes.ts';
import { readAttributes } from './compare/tree-item.ts';
import { rootOf, type TreeScope } from './compare/tree-scope.ts';
import { exists } from './exists.ts';
import { askFolderWriting } from './folder-writing.ts';

/** Reasons named; nobody reads more, and one is enough to refuse. */
const REASONS_MAX = 20;

/**
 * Free space that stays free beside the new contents, because other writers live on this disk too:
 * so much of the disk, but no more than as much again. A few bytes fit on any disk but a full one.
 */
const SPARE_SHARE = 0.02;

/** What stands against bringing `now` to `desired`; [] when nothing does. Changes nothing. */
export async function validateTree(
  scope: TreeScope,
  now: StateImage,
  desired: StateImage,
  io: ProviderIo,
): Promise<readonly string[]> {
  const pairs = differingItems(now, desired);
  const reasons = [...formReasons(scope, pairs), ...ownerReasons(pairs)];
  reasons.push(...(await missingReasons(pairs, io)));
  reasons.push(...(await writableReasons(scope, pairs)));
  reasons.push(...(await spaceReasons(scope, pairs, io.spare)));
  return reasons.slice(0, REASONS_MAX);
}

function formReasons(scope: TreeScope, pairs: readonly ItemPair[]): string[] {
  return pairs.flatMap(({ path, to }) => {
    if (rootOf(scope, path) === undefined) return [`${path} is outside of the configured paths`];
    if (to === undefined) return [];
    const wanted = readAttributes(to);
    if (wanted === undefined) return [`${path} is no item of a file tree`];
    return wanted.unreadable === true ? [`${path} could not be read when it was captured`] : [];
  });
}

/** Only root may give files away; others may pass them to a group of their own. */
function ownerReasons(pairs: readonly ItemPair[]): string[] {
  const uid = process.geteuid?.();
  if (uid === undefined || uid === 0) return [];
  const groups = new Set([process.getegid?.(), ...(process.getgroups?.() ?? [])]);
  return pairs.flatMap(({ path, to }) => {
    const wanted = to === undefined ? undefined : readAttributes(to);
    if (wanted === undefined || (wanted.uid === uid && groups.has(wanted.gid))) return [];
    return [`${path}: user ${uid} cannot give it to ${wanted.uid}:${wanted.gid}`];
  });
}

async function missingReasons(pairs: readonly ItemPair[], io: ProviderIo): Promise<string[]> {
  const hashes: BlobHash[] = pairs.flatMap(({ to }) => to?.content ?? []);
  const missing = unwrap(await io.missingBlobs(hashes));
  return pairs.flatMap(({ path, to }) =>
    to?.content?.some((hash) => missing.has(hash)) === true
      ? [`${path}: its content is not in the vault`]
      : [],
  );
}

async function writableReasons(scope: TreeScope, pairs: readonly ItemPair[]): Promise<string[]> {
  const reasons: string[] = [];
  const folders = new Set(pairs.map(({ path }) => folderName(path)));
  for (const folder of folders) {
    const writing = await askFolderWriting(folder);
    // A folder that is missing will be made, or stands as a file: its parent is judged for itself.
    if (writing.kind === 'refused') reasons.push(writing.why);
  }
  for (const { base } of scope.roots) {
    if (folders.size > 0 && !(await exists(base))) {
      const parent = folderName(base);
      if (!(await exists(parent))) reasons.push(`${base} and the folder above it are missing`);
    }
  }
  return reasons;
}

/** New contents are written before old ones go, so all of them must fit beside. */
async function spaceReasons(
  scope: TreeScope,
  pairs: readonly ItemPair[],
  spare: ProviderIo['spare'],
): Promise<string[]> {
  const sizes = Map.groupBy(
    pairs.flatMap(({ path, to }) => {
      const base = rootOf(scope, path)?.base;
      return base === undefined || to?.size === undefined ? [] : [{ base, size: to.size }];
    }),
    ({ base }) => base,
  );
  const disks = new Map<number, Disk>();
  for (const [base, items] of sizes) {
    const disk = await diskOf(base);
    if (disk === undefined) continue;
    const shared = disks.get(disk.device) ?? disk;
    for (const { size } of items) shared.neededBytes += roundedUp(size, disk.blockBytes);
    disks.set(disk.device, shared);
  }
  return [...disks.values()].flatMap(({ base, device, bytes, freeBytes, neededBytes }) => {
    const room = freeBytes + (spare?.bytesOn(device) ?? 0);
    if (neededBytes + Math.min(neededBytes, bytes * SPARE_SHARE) <= room) return [];
    return [`${base}: ${neededBytes} bytes are needed beside and ${room} are free`];
  });
}

/** A file system that several roots may share. */
interface Disk {
  /** The first root on it. */
  readonly base: string;
  readonly device: number;
  readonly bytes: number;
  readonly freeBytes: number;
  readonly blockBytes: number;
  neededBytes: number;
}

/** Undefined where nothing is there yet: its parent is judged for itself. */
async function diskOf(base: string): Promise<Disk | undefined> {
  try {
    const { dev: device } = await fs.stat(toNodePath(base));
    const { blocks, bavail, bsize } = await fs.statfs(toNodePath(base));
    const space = { bytes: blocks * bsize, freeBytes: bavail * bsize, blockBytes: bsize };
    return { base, device, ...space, neededBytes: 0 };
  } catch (thrown) {
    if (systemCode(thrown) === undefined) throw thrown;
    return undefined;
  }
}

function roundedUp(bytes: number, blockBytes: number): number {
  return Math.ceil(bytes / blockBytes) * blockBytes;
}
