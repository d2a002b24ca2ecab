import { unwrap } from '../base/result.ts';
import type { BlobHash, StateImage } from '../model/checkpoint/capture.ts';
import type { ProviderIo } from '../ports/provider.ts';
import { folderName } from './compare/path-text.ts';
import { differingItems, type ItemPair } from './compare/tree-changes.ts';
import { readAttributes } from './compare/tree-item.ts';
import { rootOf, type TreeScope } from './compare/tree-scope.ts';
import { exists } from './exists.ts';
import { askFolderWriting } from './folder-writing.ts';
import { roomReasons } from './tree-room.ts';

/** Reasons named; nobody reads more, and one is enough to refuse. */
const REASONS_MAX = 20;

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
  reasons.push(...(await roomReasons(scope, pairs, io.spare)));
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
