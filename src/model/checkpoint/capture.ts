import { canonicalJson, type JsonObject } from '../../base/canonical-json.ts';
import { sha256 } from '../../base/hash.ts';
import type { Brand } from '../../base/brand.ts';

/** SHA-256 of a blob's plain bytes, 64 hexadecimal digits: its address in a vault. */
export type BlobHash = Brand<string, 'BlobHash'>;

/** One restorable thing: a file, a link, a route, a rule, a key. */
export interface StateItem {
  /** Unique within the state and stable over time: a path, a rule handle, a route key. */
  readonly path: string;
  /** Everything but the content: type, owner, mode, target of a link, … Compared as a whole. */
  readonly attributes: JsonObject;
  /** The content's blobs in order, for items that have content. */
  readonly content?: readonly BlobHash[];
  /** Length of the content in bytes. */
  readonly size?: number;
  /** A secret's content never leaves the vault: diffs say "changed" and nothing else. */
  readonly secret?: true;
}

/** One provider's state in canonical form: items sorted by path (code units), no two alike. */
export interface StateImage {
  readonly items: readonly StateItem[];
}

/**
 * The identity of a state image: equal images have equal fingerprints and the other way round.
 * Whether an item is marked as secret does not count.
 */
export function fingerprintOf(image: StateImage): string {
  const items = image.items.map((item) => (item.secret === true ? withoutMark(item) : item));
  return sha256(imageText({ items }));
}

/** What is secret is a matter of the configuration, which may change between two looks. */
function withoutMark({ secret: _secret, ...item }: StateItem): StateItem {
  return item;
}

/**
 * The canonical JSON of an image's items: byte-equal to `canonicalJson(image.items)`, but ten
 * thousand items are too many for its general way of sorting keys.
 */
export function imageText(image: StateImage): string {
  return JSON.stringify(
    image.items.map(({ path, attributes, content, size, secret }) => ({
      attributes: inKeyOrder(attributes),
      content,
      path,
      secret,
      size,
    })),
  );
}

/** The same object with its keys sorted; most are already and stay as they are. */
export function inKeyOrder(object: JsonObject): JsonObject {
  const keys = Object.keys(object);
  let isSorted = true;
  for (let i = 0; i < keys.length; i += 1) {
    const value = object[keys[i] ?? ''];
    if (typeof value === 'object' && value !== null) return JSON.parse(canonicalJson(object));
    if (i > 0 && (keys[i - 1] ?? '') > (keys[i] ?? '')) isSorted = false;
  }
  if (isSorted) return object;
  return Object.fromEntries(keys.toSorted().map((key) => [key, object[key] ?? null]));
}

/** Puts items into the canonical order. Throws when two share a path. */
export function stateImage(items: readonly StateItem[]): StateImage {
  const sorted = items.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  for (let i = 1; i < sorted.length; i += 1) {
    if (sorted[i]?.path === sorted[i - 1]?.path) {
      throw new Error(`broken invariant: two state items at ${sorted[i]?.path}`);
    }
  }
  return { items: sorted };
}

/** Path of the item that stands for an owed restart; no real item has it. */
export const OWED_RESTART_PATH = '(restart)';

/**
 * Whether an item says that a restart is owed: files were changed and whoever reads them has not
 * been told yet. It is observed between the two halves of such a step and belongs to no checkpoint.
 */
export function isOwedRestart(item: StateItem): boolean {
  return item.path === OWED_RESTART_PATH && item.attributes['type'] === 'restart-owed';
}

/**
 * Whether an item may be half-way from one form to the other: each attribute and the content are
 * as in one of the two (owner and mode of a folder are two system calls), or nothing is there
 * while its type changes (no call swaps a file and a folder).
 */
export function isHalfWay(
  now: StateItem | undefined,
  before: StateItem | undefined,
  wanted: StateItem | undefined,
): boolean {
  if (before === undefined || wanted === undefined) return false;
  const [was, will] = [before.attributes, wanted.attributes];
  if (now === undefined) return was['type'] !== will['type'];
  const is = now.attributes;
  const text = (value: unknown): string => canonicalJson(value ?? null);
  const content = text(now.content);
  if (content !== text(before.content) && content !== text(wanted.content)) return false;
  return Object.keys({ ...is, ...was, ...will }).every((name) => {
    const value = text(is[name]);
    return value === text(was[name]) || value === text(will[name]);
  });
}

/** How exact the common instant of a checkpoint is, see recovery.md 4.1. */
export type ConsistencyLevel = 'L0' | 'L1' | 'L2' | 'L3';

/** One provider's captured state within a checkpoint. */
export interface Capture {
  /** `StateSpec.id`: `<component>/<provider>`. */
  readonly state: string;
  readonly component: string;
  readonly provider: string;
  readonly providerVersion: number;
  /** Of the captured image; equal before and after the capture unless `unstable`. */
  readonly fingerprint: string;
  /** The state image as canonical JSON, itself a blob. */
  readonly image: BlobHash;
  readonly items: number;
  readonly bytes: number;
  /** It changed while it was captured, also after retries. */
  readonly unstable: boolean;
  /** May only be compared, not restored. */
  readonly compareOnly: boolean;
  /** What was looked at and what was deliberately left out, in words. */
  readonly coverage: { readonly included: readonly string[]; readonly excluded: readonly string[] };
  /**
   * The settings that said what belongs to the state, by name; absent in those of older versions.
   * What they do not name was not looked at, and a rollback leaves it alone.
   */
  readonly scope?: JsonObject;
  /** Where what ran and what would have run after a restart disagreed; absent when nowhere. */
  readonly drift?: readonly string[];
}
