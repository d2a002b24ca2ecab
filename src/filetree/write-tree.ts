import { messageOf, systemCode } from '../base/error.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { StateImage } from '../model/checkpoint/capture.ts';
import { lgError } from '../model/errors/lg-error.ts';
import type { Applied, ProviderIo } from '../ports/provider.ts';
import { BLOB_BYTES_MAX } from '../ports/vault.ts';
import { differingItems, type ItemPair } from './compare/tree-changes.ts';
import { readAttributes } from './compare/tree-item.ts';
import { rootOf, type TreeScope } from './compare/tree-scope.ts';
import { FolderCache } from './folder-cache.ts';
import { ContentAhead } from './content-ahead.ts';
import { ExpectedTree } from './expected-tree.ts';
import { ForeignChange } from './expected-item.ts';
import { Breather } from './file-access.ts';
import { placeItem, removeItem, settleFolder } from './place-item.ts';
import { stageFile, type StagedFile } from './stage-file.ts';
import { beginStaging, removeStaged } from './staging.ts';
import { syncFileSystems, WriteBehind } from './sync-files.ts';

/** What a write of a tree needs. */
export interface TreeWriting {
  readonly scope: TreeScope;
  /** As read just now. */
  readonly now: StateImage;
  /** The stamps of the items in `now`, see `TreeObservation`. */
  readonly stampAt: (path: string) => string | undefined;
  readonly desired: StateImage;
  /** Called once before the first change that others can see, and only if there is one. */
  beforeChange(): Promise<void>;
}

/** `equal`: there was nothing to do. */
export type TreeWritten = Applied | { readonly kind: 'equal' };

/** Files and folders fsynced one by one; for more, everything is synced at once. */
const FSYNCS_MAX = 32;

/**
 * Brings the items at `paths` to their desired form. All new contents are written beside their
 * places first, so a full disk or a missing blob changes nothing; then each item is put in place
 * by one rename, so that every single file is old or new, never torn. Writing twice is writing
 * once. Nothing outside of the scope and nothing behind a link is ever touched.
 *
 * Preparing may take long, so all items are looked at again before the first change and each right
 * before its own. LG_PROVIDER_FOREIGN_CHANGE, and nothing changed, when somebody else was there.
 * What remains is the moment between one lstat and its rename: no call of Linux that Node offers
 * compares and renames in one.
 */
export async function writeTree(
  writing: TreeWriting,
  paths: readonly string[],
  io: ProviderIo,
): Promise<Result<TreeWritten>> {
  const wanted = new Set(paths);
  const pairs = differingItems(writing.now, writing.desired).filter(({ path }) => wanted.has(path));
  if (pairs.length === 0) return ok({ kind: 'equal' });
  const refusal = refuse(writing.scope, pairs);
  if (refusal !== undefined) return err(lgError('LG_PROVIDER_APPLY_FAILED', refusal));
  await removeStaged(io);
  const staging = await beginStaging(writing.scope, io);
  const folders = new FolderCache(writing.scope, () => staging.name());
  try {
    return await write(writing, pairs, folders, io);
  } finally {
    await folders.close();
    await staging.end();
  }
}

function refuse(scope: TreeScope, pairs: readonly ItemPair[]): string | undefined {
  for (const { path, to } of pairs) {
    if (rootOf(scope, path) === undefined) return `${path} is outside of the configured paths`;
    if (to === undefined) continue;
    const wanted = readAttributes(to);
    if (wanted === undefined) return `${path} is no item of a file tree`;
    if (wanted.unreadable === true) return `${path} could not be read when it was captured`;
  }
  return undefined;
}

async function write(
  writing: TreeWriting,
  pairs: readonly ItemPair[],
  folders: FolderCache,
  io: ProviderIo,
): Promise<Result<TreeWritten>> {
  const expected = new ExpectedTree(folders, writing.stampAt, io);
  const staged = new Map<string, StagedFile>();
  let isChanged = false;
  try {
    await stageAll(pairs, writing.scope, { folders, staged, expected }, io);
    io.signal.throwIfAborted();
    await makeDurable([...staged.values()], writing.scope, io);
    await expected.requireAll(pairs);
    await writing.beforeChange();
    isChanged = true;
    await commit(pairs, writing.scope, { folders, staged, expected }, io);
    return ok({ kind: 'done' });
  } catch (thrown) {
    for (const file of staged.values()) await file.discard();
    const isClean = !isChanged && (await folders.unmake());
    if (isClean && thrown instanceof ForeignChange) {
      return err(lgError('LG_PROVIDER_FOREIGN_CHANGE', thrown.message));
    }
    return ok({ kind: isClean ? 'failed-clean' : 'unknown', why: wordsOf(thrown) });
  }
}

/** Throws a `ForeignChange` unless the items at `paths` are still as they were looked at. */
export async function requireExpectedTree(
  { scope, now, desired, stampAt }: Omit<TreeWriting, 'beforeChange'>,
  paths: readonly string[],
  io: ProviderIo,
): Promise<void> {
  const wanted = new Set(paths);
  const folders = new FolderCache(scope, () => '');
  try {
    const pairs = differingItems(now, desired).filter(({ path }) => wanted.has(path));
    await new ExpectedTree(folders, stampAt, io).requireAll(pairs);
  } finally {
    await folders.close();
  }
}

/** Makes new folders and writes every content beside its place, where there is such a folder. */
async function stageAll(
  pairs: readonly ItemPair[],
  scope: TreeScope,
  { folders, staged, expected }: Prepared & { readonly staged: Map<string, StagedFile> },
  io: ProviderIo,
): Promise<void> {
  const breather = new Breather();
  const behind = new WriteBehind(scope, io);
  const ahead = new ContentAhead(
    pairs.flatMap(({ to }) =>
      (to?.content ?? []).map((hash) => ({ hash, bytes: Math.min(to?.size ?? 0, BLOB_BYTES_MAX) })),
    ),
    io,
  );
  try {
    for (const pair of pairs) {
      const { path, from, to } = pair;
      if (to === undefined || (await folders.existing(path)) === undefined) continue;
      const wanted = readAttributes(to);
      if (from === undefined && wanted?.type === 'folder') {
        await expected.require(pair);
        await folders.make(path, wanted, io);
      }
      if (to.content === undefined) continue;
      io.signal.throwIfAborted();
      await breather.breathe();
      const place = await folders.placeOf(path);
      staged.set(path, await stageFile(place, to, (hash) => ahead.get(hash), io));
      behind.wrote(to.size ?? 0);
    }
  } finally {
    await behind.end();
  }
}

/** Contents must survive power loss before a rename makes them visible. */
async function makeDurable(
  staged: readonly StagedFile[],
  scope: TreeScope,
  io: ProviderIo,
): Promise<void> {
  if (staged.length > FSYNCS_MAX && (await syncFileSystems(scope, io))) return;
  for (const file of staged) await file.sync();
}

/** Removes, makes and replaces, in an order in which every step finds its place free. */
async function commit(
  pairs: readonly ItemPair[],
  scope: TreeScope,
  { folders, staged, expected }: Prepared,
  io: ProviderIo,
): Promise<void> {
  const gone = pairs.filter(({ from, to }) => from !== undefined && isGone(from, to));
  for (const pair of gone.toReversed()) {
    await expected.require(pair);
    await removeItem(folders, pair);
  }
  // What had to go first is not there any more, and nobody else may have come in between.
  const freed = new Set(gone.map(({ path }) => path));
  const kept = pairs.flatMap(({ path, from, to }): ItemPair[] => {
    if (to === undefined) return [];
    return [freed.has(path) || from === undefined ? { path, to } : { path, from, to }];
  });
  const breather = new Breather();
  for (const pair of kept) {
    await breather.breathe();
    io.signal.throwIfAborted();
    await placeItem(folders, pair, { staged: staged.get(pair.path), expected }, io);
  }
  // Owner and mode of folders last and deepest first: until here we must be able to write there.
  for (const pair of kept.toReversed()) {
    if (pair.from !== undefined && isFolder(pair.to)) await expected.require(pair);
    await settleFolder(folders, pair, io);
  }
  await folders.removeLeftovers(Date.now() - LEFTOVER_AGE_MS);
  if (folders.touched > FSYNCS_MAX && (await syncFileSystems(scope, io))) return;
  await folders.syncTouched();
}

/** What a commit works with. */
interface Prepared {
  readonly folders: FolderCache;
  readonly staged: ReadonlyMap<string, StagedFile>;
  readonly expected: ExpectedTree;
}

function isFolder(item: ItemPair['to']): boolean {
  return item !== undefined && readAttributes(item)?.type === 'folder';
}

/** Longer than any run may last: an older temporary file belongs to nobody who still lives. */
const LEFTOVER_AGE_MS = 2 * 3_600_000;

/** Whether the present item must go before the desired one can take its place. */
function isGone(from: ItemPair['from'], to: ItemPair['to']): boolean {
  if (from === undefined) return false;
  if (to === undefined) return true;
  const before = readAttributes(from)?.type;
  const after = readAttributes(to)?.type;
  // A rename replaces a file or a link by either; a folder it does not.
  return before !== after && (before === 'folder' || after === 'folder');
}

function wordsOf(thrown: unknown): string {
  if (systemCode(thrown) === 'ELOOP' || systemCode(thrown) === 'ENOTDIR') {
    return `a link or a file stands where a folder was: ${messageOf(thrown)}`;
  }
  return messageOf(thrown);
}
