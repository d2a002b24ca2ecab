import { systemCode } from '../base/error.ts';
import { err, ok, unwrap, type Result } from '../base/result.ts';
import { stateImage, type BlobHash, type StateItem } from '../model/checkpoint/capture.ts';
import { lgError } from '../model/errors/lg-error.ts';
import { isSecretPath } from '../model/checkpoint/secret-text.ts';
import type { Observation, ProviderIo } from '../ports/provider.ts';
import { readLink } from './anchored-folder.ts';
import { baseName } from './compare/path-text.ts';
import { attributesOf, type TreeAttributes } from './compare/tree-item.ts';
import type { TreeScope } from './compare/tree-scope.ts';
import { ContentReader, type ReadContent } from './read-content.ts';
import { fileOf, folderOf, linkOf } from './stat-attributes.ts';
import { removeStaged } from './staging.ts';
import {
  openStatCache,
  stampOf,
  trustedStamp,
  type KnownEntry,
  type StatCache,
} from './stat-cache.ts';
import { describeCoverage, type Omissions } from './tree-coverage.ts';
import { walkTree, type TreeVisitor, type Visit } from './walk-tree.ts';
import { readXattrs, type Xattrs } from './xattrs.ts';

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

/** A tree as it was seen, and what tells later whether an item is still the same. */
export interface TreeObservation extends Observation {
  /** The stamp an item had; none where its clock tick was too near to trust the stamp alone. */
  readonly stampAt: (path: string) => string | undefined;
}

/** Extended attributes of one entry that has some. */
type OwnXattrs = Readonly<Record<string, string>>;

/** A file that changes while it is read is read again; then it is the next look's to notice. */
const READ_ATTEMPTS = 3;

/** One entry that was found: no stat, which is twenty times as large as what is needed of it. */
interface Entry {
  readonly path: string;
  readonly stamp: string | undefined;
  readonly attributes: TreeAttributes;
  readonly content?: { readonly hashes: readonly BlobHash[]; readonly size: number };
  /** From the memory of stats; where its extended attributes are in it they need no look. */
  readonly known?: KnownEntry;
}

/**
 * Reads a file tree in one walk, after removing what a killed write of this state left in it.
 * What is special, excluded or unreadable is listed, never silently left out. Links are
 * recorded, not followed. LG_PROVIDER_TOO_LARGE beyond the limits.
 */
export async function readTree(
  reading: TreeReading,
  io: ProviderIo,
): Promise<Result<TreeObservation>> {
  const cache = openStatCache(io.cache.get(reading.cacheKey));
  // What a capture need not read must be stored. Asked at once: the vault may be another process's.
  const missing = reading.store
    ? unwrap(await io.missingBlobs(cache.hashes()))
    : new Set<BlobHash>();
  const collector = new Collector(reading, io, { cache, missing });
  try {
    await removeStaged(io);
    const walked = await walkTree(reading.scope, collector, io.signal);
    if (!walked.ok) return walked;
    const observation = await collector.finish();
    const encoded = cache.encode();
    if (encoded !== undefined) io.cache.put(reading.cacheKey, encoded);
    return ok(observation);
  } catch (thrown) {
    if (thrown instanceof TooLarge) return err(lgError('LG_PROVIDER_TOO_LARGE', thrown.message));
    throw thrown;
  }
}

class TooLarge extends Error {}

/** What files held when they were last looked at, and which of it no vault holds any more. */
interface KnownContents {
  readonly cache: StatCache;
  readonly missing: ReadonlySet<BlobHash>;
}

/** Everything one walk found and left out. */
class Collector implements TreeVisitor {
  readonly #reading: TreeReading;
  readonly #io: ProviderIo;
  readonly #cache: StatCache;
  readonly #missing: ReadonlySet<BlobHash>;
  readonly #reader: ContentReader;
  readonly #entries = new Map<string, Entry>();
  readonly #unreadable: { path: string; why: string }[] = [];
  readonly #omissions: Omissions = { special: [], hardLinked: 0, excluded: [] };
  #bytes = 0;

  constructor(reading: TreeReading, io: ProviderIo, known: KnownContents) {
    this.#reading = reading;
    this.#io = io;
    this.#cache = known.cache;
    this.#missing = known.missing;
    this.#reader = new ContentReader(io, reading.store);
  }

  folder({ path, stat }: Visit): void {
    const known = this.#cache.find(path, stampOf(stat));
    const stamp = trustedStamp(stat, Date.now());
    const attributes = folderOf(stat);
    this.#add({ path, stamp, attributes, ...(known === undefined ? {} : { known }) });
  }

  special(path: string): void {
    this.#omissions.special.push(path);
  }

  excluded(path: string): void {
    this.#omissions.excluded.push(path);
  }

  unreadable(path: string, why: string): void {
    this.#unreadable.push({ path, why });
    const entry = this.#entries.get(path);
    if (entry === undefined) return;
    this.#entries.set(path, { ...entry, attributes: { ...entry.attributes, unreadable: true } });
  }

  async link({ path, stat, folder }: Visit): Promise<void> {
    const target = await readLink(folder, baseName(path));
    const stamp = trustedStamp(stat, Date.now());
    this.#add({ path, stamp, attributes: linkOf(stat, target) });
  }

  async file(visit: Visit): Promise<void> {
    const { path, stat: first } = visit;
    if (first.nlink > 1n) this.#omissions.hardLinked += 1;
    const readAtMs = Date.now();
    const known = this.#cache.find(path, stampOf(first));
    if (known !== undefined && !known.hashes.some((hash) => this.#missing.has(hash))) {
      const content = { hashes: known.hashes, size: Number(first.size) };
      const stamp = trustedStamp(first, readAtMs);
      this.#add({ path, stamp, attributes: fileOf(first), content, known });
      return;
    }
    try {
      const { stat, hashes, size } = await this.#content(visit);
      const content = { hashes, size };
      // Content that is only missing in the vault does not make its attributes unknown.
      const still = known !== undefined && known.hashes.every((hash, at) => hash === hashes[at]);
      const rest = still ? { content, known } : { content };
      const stamp = trustedStamp(stat, readAtMs);
      this.#add({ path, stamp, attributes: fileOf(stat), ...rest });
    } catch (thrown) {
      const code = systemCode(thrown);
      // Gone, or replaced by something else: the next look says what it is now.
      if (code === 'ENOENT' || code === 'ELOOP') return;
      // Anything else than a refusal to read is a failure of the capture, not of this file.
      if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EIO') throw thrown;
      const stamp = trustedStamp(first, readAtMs);
      this.#add({ path, stamp, attributes: fileOf(first) });
      this.unreadable(path, code);
    }
  }

  async #content({ path, folder, access }: Visit): Promise<ReadContent> {
    const at = folder.at(baseName(path));
    for (let attempt = 1; ; attempt += 1) {
      const read = await this.#reader.read(at, access);
      if (read.steady || attempt === READ_ATTEMPTS) return read;
    }
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

  async finish(): Promise<TreeObservation> {
    const unknown = [...this.#entries.values()].filter(
      ({ known, attributes }) =>
        (known === undefined || known.xattrs === 'unread') && attributes.type !== 'link',
    );
    const xattrs = await readXattrs(
      unknown.map(({ path }) => path),
      this.#io,
    );
    const items: StateItem[] = [];
    for (const entry of this.#entries.values()) {
      const { xattrs: remembered } = entry.known ?? { xattrs: 'unread' };
      const own = remembered === 'unread' ? xattrs?.get(entry.path) : remembered;
      items.push(this.#item(entry, own));
      this.#remember(entry, own, xattrs);
    }
    return {
      image: stateImage(items),
      unreadable: this.#unreadable,
      coverage: describeCoverage(this.#reading.scope, this.#omissions, xattrs !== undefined),
      stampAt: (path) => this.#entries.get(path)?.stamp,
    };
  }

  #remember(entry: Entry, own: OwnXattrs | undefined, xattrs: Xattrs | undefined): void {
    const { known, attributes, path, stamp, content } = entry;
    const isNews = known === undefined || (known.xattrs === 'unread' && xattrs !== undefined);
    if (!isNews || attributes.type === 'link') return;
    if (attributes.unreadable === true || stamp === undefined) return;
    const hashes = content?.hashes ?? [];
    const found = xattrs === undefined ? 'unread' : own;
    this.#cache.keep(path, stamp, found === undefined ? { hashes } : { hashes, xattrs: found });
  }

  #item({ path, content, attributes }: Entry, xattrs: OwnXattrs | undefined): StateItem {
    const isSecret =
      attributes.type === 'file' && (isSecretPath(path) || this.#reading.scope.hides(path));
    return {
      path,
      attributes: attributesOf(xattrs === undefined ? attributes : { ...attributes, xattrs }),
      ...(content === undefined ? {} : { content: content.hashes, size: content.size }),
      ...(isSecret ? { secret: true } : {}),
    };
  }
}
