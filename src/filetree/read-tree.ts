import type { BigIntStats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { messageOf, systemCode } from '../base/error.ts';
import { err, ok, unwrap, type Result } from '../base/result.ts';
import { stateImage, type BlobHash, type StateItem } from '../model/capture.ts';
import { lgError } from '../model/errors/lg-error.ts';
import { isSecretPath } from '../model/secret-text.ts';
import type { Observation, ProviderIo } from '../ports/provider.ts';
import { openFolder, readLink, type AnchoredFolder } from './anchored-folder.ts';
import { attributesOf, type TreeAttributes } from './compare/tree-item.ts';
import { TEMPORARY_NAME, type TreeRoot, type TreeScope } from './compare/tree-scope.ts';
import { readContent } from './read-content.ts';
import { openStatCache, type KnownEntry, type StatCache } from './stat-cache.ts';
import { describeCoverage, type Omissions } from './tree-coverage.ts';
import { readXattrs } from './xattrs.ts';

/** What bounds one state; beyond it is an error, never a part of the truth. */
export interface TreeLimits {
  readonly itemsMax: number;
  readonly bytesMax: number;
}

/** Which tree is read, and how. */
export interface TreeReading {
  readonly scope: TreeScope;
  readonly limits: TreeLimits;
  /** Names the memory of stats within the state's own. */
  readonly cacheKey: string;
  /** A capture stores contents, an observation only hashes them. */
  readonly store: boolean;
}

/** Folders within folders; every level holds a descriptor open. */
const DEPTH_MAX = 128;

/** Files of a folder read at the same time: enough to keep a disk and two cores busy. */
const READS_AT_ONCE = 4;

/** Stats asked for at the same time. */
const STATS_AT_ONCE = 64;

/** A file that changes while it is read is read again; then it is the observation's to notice. */
const READ_ATTEMPTS = 3;

/** One entry that was found. */
interface Entry {
  readonly path: string;
  readonly stat: BigIntStats;
  readonly attributes: TreeAttributes;
  readonly content?: { readonly hashes: readonly BlobHash[]; readonly size: number };
  /** From the memory of stats: its extended attributes need no look. */
  readonly known?: KnownEntry;
  /** Wall time before it was read. */
  readonly readAtMs: number;
}

/**
 * Reads a file tree in one walk. Special files, other file systems' oddities and what cannot be
 * read are listed, never silently left out. Links are recorded, not followed.
 */
export async function readTree(reading: TreeReading, io: ProviderIo): Promise<Result<Observation>> {
  const cache = openStatCache(io.cache.get(reading.cacheKey));
  const walk = new TreeWalk(reading, io, cache);
  try {
    for (const root of reading.scope.roots) await walk.root(root);
    const observation = await walk.finish();
    const encoded = cache.encode();
    if (encoded !== undefined) io.cache.put(reading.cacheKey, encoded);
    return ok(observation);
  } catch (thrown) {
    if (thrown instanceof TooLarge) return err(lgError('LG_PROVIDER_TOO_LARGE', thrown.message));
    throw thrown;
  }
}

class TooLarge extends Error {}

/** One walk: what was found so far and what was left out. */
class TreeWalk {
  readonly #reading: TreeReading;
  readonly #io: ProviderIo;
  readonly #cache: StatCache;
  readonly #entries = new Map<string, Entry>();
  readonly #unreadable: { path: string; why: string }[] = [];
  readonly #omissions: Omissions = { special: [], hardLinked: 0, excluded: [] };
  #bytes = 0;

  constructor(reading: TreeReading, io: ProviderIo, cache: StatCache) {
    this.#reading = reading;
    this.#io = io;
    this.#cache = cache;
  }

  async root(root: TreeRoot): Promise<void> {
    let base: AnchoredFolder;
    try {
      base = await openFolder(root.base);
    } catch (thrown) {
      if (systemCode(thrown) === 'ENOENT') return;
      this.#unreadable.push({ path: root.base, why: messageOf(thrown) });
      return;
    }
    try {
      if (root.pattern !== undefined) await this.#search(base, root.base, root, 1);
      else await this.#entry(base, root.path, 1);
    } finally {
      await base.close();
    }
  }

  /** Looks for what matches a pattern, no deeper than it can match. */
  async #search(
    folder: AnchoredFolder,
    path: string,
    root: TreeRoot,
    depth: number,
  ): Promise<void> {
    for (const name of (await folder.names()).toSorted()) {
      const child = join(path, name);
      if (this.#reading.scope.excludes(child)) continue;
      if (root.pattern?.test(child) === true) await this.#entry(folder, child, depth);
      else if (depth < root.depthMax) {
        await this.#within(folder, child, (below) => this.#search(below, child, root, depth + 1));
      }
    }
  }

  async #within(
    folder: AnchoredFolder,
    path: string,
    visit: (below: AnchoredFolder) => Promise<void>,
  ): Promise<void> {
    let below: AnchoredFolder;
    try {
      below = await folder.open(lastPart(path));
    } catch (thrown) {
      const code = systemCode(thrown);
      // A file, a link or something that went away meanwhile is no folder to search.
      if (code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENOENT') return;
      this.#cannotRead(path, thrown);
      return;
    }
    try {
      await visit(below);
    } finally {
      await below.close();
    }
  }

  /** One entry and, for a folder, everything below. */
  async #entry(folder: AnchoredFolder, path: string, depth: number): Promise<void> {
    const stat = await statOf(folder, path);
    if (stat !== undefined) await this.#found(folder, path, stat, depth);
  }

  async #found(
    folder: AnchoredFolder,
    path: string,
    stat: BigIntStats,
    depth: number,
  ): Promise<void> {
    this.#io.signal.throwIfAborted();
    if (stat.isFile()) return this.#file(folder, path, stat);
    if (stat.isSymbolicLink()) return this.#link(folder, path, stat);
    if (!stat.isDirectory()) {
      this.#omissions.special.push(path);
      return;
    }
    const known = this.#cache.find(path, stat);
    this.#add({
      path,
      stat,
      attributes: { type: 'folder', ...ownerOf(stat), mode: modeOf(stat) },
      readAtMs: Date.now(),
      ...(known === undefined ? {} : { known }),
    });
    await this.#within(folder, path, (below) => this.#children(below, path, depth + 1));
  }

  async #children(folder: AnchoredFolder, path: string, depth: number): Promise<void> {
    if (depth > DEPTH_MAX) throw new TooLarge(`${path} is more than ${DEPTH_MAX} folders deep`);
    const wanted = (await folder.names()).toSorted().flatMap((name) => {
      const child = join(path, name);
      if (TEMPORARY_NAME.test(name)) return [];
      if (!this.#reading.scope.excludes(child)) return [child];
      this.#omissions.excluded.push(child);
      return [];
    });
    const folders: [string, BigIntStats][] = [];
    for (let at = 0; at < wanted.length; at += STATS_AT_ONCE) {
      const batch = wanted.slice(at, at + STATS_AT_ONCE);
      const stats = await settled(batch.map((child) => statOf(folder, child)));
      const others: [string, BigIntStats][] = [];
      for (const [index, stat] of stats.entries()) {
        const child = batch[index];
        if (stat === undefined || child === undefined) continue;
        (stat.isDirectory() ? folders : others).push([child, stat]);
      }
      await inParallel(others, READS_AT_ONCE, ([child, stat]) =>
        this.#found(folder, child, stat, depth),
      );
    }
    for (const [child, stat] of folders) await this.#found(folder, child, stat, depth);
  }

  async #link(folder: AnchoredFolder, path: string, stat: BigIntStats): Promise<void> {
    const target = await readLink(folder, lastPart(path));
    const attributes = { type: 'link', ...ownerOf(stat), target } as const;
    this.#add({ path, stat, attributes, readAtMs: Date.now() });
  }

  async #file(folder: AnchoredFolder, path: string, first: BigIntStats): Promise<void> {
    if (first.nlink > 1n) this.#omissions.hardLinked += 1;
    const readAtMs = Date.now();
    const known = this.#cache.find(path, first);
    if (known !== undefined && (await this.#isStored(known.hashes))) {
      const content = { hashes: known.hashes, size: Number(first.size) };
      this.#add({ path, stat: first, attributes: fileOf(first), content, known, readAtMs });
      return;
    }
    try {
      const { stat, ...content } = await this.#content(folder, path);
      this.#add({ path, stat, attributes: fileOf(stat), content, readAtMs });
    } catch (thrown) {
      const code = systemCode(thrown);
      if (code === 'ENOENT') return;
      // Anything else than a refusal to read is a failure of the capture, not of this file.
      if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EIO') throw thrown;
      this.#cannotRead(path, thrown);
      const attributes = { ...fileOf(first), unreadable: true } as const;
      this.#add({ path, stat: first, attributes, readAtMs });
    }
  }

  async #content(
    folder: AnchoredFolder,
    path: string,
  ): Promise<{ hashes: readonly BlobHash[]; size: number; stat: BigIntStats }> {
    const at = folder.at(lastPart(path));
    for (let attempt = 1; ; attempt += 1) {
      const read = await readContent(at, this.#io, this.#reading.store);
      if (read.steady || attempt === READ_ATTEMPTS) return read;
    }
  }

  async #isStored(hashes: readonly BlobHash[]): Promise<boolean> {
    if (!this.#reading.store) return true;
    return unwrap(await this.#io.missingBlobs(hashes)).size === 0;
  }

  #cannotRead(path: string, thrown: unknown): void {
    const why = systemCode(thrown) ?? messageOf(thrown);
    this.#unreadable.push({ path, why });
    const entry = this.#entries.get(path);
    if (entry === undefined) return;
    this.#entries.set(path, { ...entry, attributes: { ...entry.attributes, unreadable: true } });
  }

  #add(entry: Entry): void {
    if (this.#entries.has(entry.path)) return;
    this.#entries.set(entry.path, entry);
    this.#bytes += entry.content?.size ?? 0;
    const { itemsMax, bytesMax } = this.#reading.limits;
    if (this.#entries.size > itemsMax) {
      throw new TooLarge(`more than itemsMax = ${itemsMax} files and folders, at ${entry.path}`);
    }
    if (this.#bytes > bytesMax) {
      throw new TooLarge(`more than bytesMax = ${bytesMax} bytes of content, at ${entry.path}`);
    }
  }

  async finish(): Promise<Observation> {
    const unknown = [...this.#entries.values()].filter(
      ({ known, attributes }) => known === undefined && attributes.type !== 'link',
    );
    const xattrs = await readXattrs(
      unknown.map(({ path }) => path),
      this.#io,
    );
    const items: StateItem[] = [];
    for (const entry of this.#entries.values()) {
      const own = entry.known?.xattrs ?? xattrs?.get(entry.path);
      items.push(this.#item(entry, own));
      if (entry.known !== undefined || entry.attributes.unreadable === true) continue;
      if (entry.attributes.type === 'link' || xattrs === undefined) continue;
      const hashes = entry.content?.hashes ?? [];
      const known = own === undefined ? { hashes } : { hashes, xattrs: own };
      this.#cache.keep(entry.path, entry.stat, known, entry.readAtMs);
    }
    return {
      image: stateImage(items),
      unreadable: this.#unreadable,
      coverage: describeCoverage(this.#reading.scope, this.#omissions, xattrs !== undefined),
    };
  }

  #item(entry: Entry, xattrs: Readonly<Record<string, string>> | undefined): StateItem {
    const { path, content } = entry;
    const attributes = xattrs === undefined ? entry.attributes : { ...entry.attributes, xattrs };
    const isSecret =
      attributes.type === 'file' && (isSecretPath(path) || this.#reading.scope.hides(path));
    return {
      path,
      attributes: attributesOf(attributes),
      ...(content === undefined ? {} : { content: content.hashes, size: content.size }),
      ...(isSecret ? { secret: true } : {}),
    };
  }
}

async function statOf(folder: AnchoredFolder, path: string): Promise<BigIntStats | undefined> {
  try {
    return await fs.lstat(folder.at(lastPart(path)), { bigint: true });
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

async function inParallel<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await settled(Array.from({ length: Math.min(atOnce, items.length) }, lane));
}

/**
 * All values, or the first failure once everything has ended: nothing may still reach through a
 * folder's descriptor when it is closed, for its number is used again.
 */
async function settled<Value>(work: readonly Promise<Value>[]): Promise<readonly Value[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

function ownerOf(stat: BigIntStats): { readonly uid: number; readonly gid: number } {
  return { uid: Number(stat.uid), gid: Number(stat.gid) };
}

function modeOf(stat: BigIntStats): string {
  return (Number(stat.mode) & 0o7777).toString(8).padStart(4, '0');
}

function fileOf(stat: BigIntStats): TreeAttributes {
  return { type: 'file', ...ownerOf(stat), mode: modeOf(stat) };
}

function join(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
