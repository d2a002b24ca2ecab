import type { BigIntStats } from 'node:fs';
import { fromUtf8Strict, utf8 } from '../base/bytes.ts';
import type { BlobHash } from '../model/checkpoint/capture.ts';
import { isBlobHash } from '../model/checkpoint/image-blob.ts';

/** What is known of an entry's content and extended attributes at one stat of it. */
export interface KnownEntry {
  readonly hashes: readonly BlobHash[];
  /** Absent: it has none. `unread`: nobody could read them then. */
  readonly xattrs?: Readonly<Record<string, string>> | 'unread';
}

/**
 * Remembers what files held by their stat (device, inode, size, modification and change time), so
 * that an unchanged tree is captured without being read. A change time cannot be set by users, so
 * it also covers owner, mode and extended attributes.
 */
export interface StatCache {
  find(path: string, stamp: string): KnownEntry | undefined;
  /** Every content that was known when it was opened. */
  hashes(): readonly BlobHash[];
  /** Keeps an entry by a stamp that is to be trusted. */
  keep(path: string, stamp: string, entry: KnownEntry): void;
  /** The cache of the entries found or kept since it was opened; undefined when nothing is new. */
  encode(): Uint8Array | undefined;
}

/**
 * A file changed again within the clock tick of its change time looks unchanged ("racy git").
 * Ticks are at most 10 ms on Linux's own file systems; whole seconds betray a coarse one.
 */
const TICK_MS = 20n;
const COARSE_TICK_MS = 2_000n;

/** Opens a cache from what `encode` gave; anything else counts as an empty one. */
export function openStatCache(bytes: Uint8Array | undefined): StatCache {
  const known = bytes === undefined ? new Map<string, Line>() : decode(bytes);
  const used = new Map<string, Line>();
  let isNew = false;
  return {
    find(path, stamp) {
      const line = known.get(path);
      if (line === undefined || line[0] !== stamp) return undefined;
      used.set(path, line);
      const [, hashes, xattrs] = line;
      return xattrs === undefined ? { hashes } : { hashes, xattrs };
    },
    hashes: () => [...known.values()].flatMap(([, hashes]) => hashes),
    keep(path, stamp, { hashes, xattrs }) {
      used.set(path, xattrs === undefined ? [stamp, hashes] : [stamp, hashes, xattrs]);
      isNew = true;
    },
    encode() {
      if (!isNew && used.size === known.size) return undefined;
      return utf8(JSON.stringify([...used]));
    },
  };
}

type Line = readonly [
  stamp: string,
  hashes: readonly BlobHash[],
  xattrs?: Exclude<KnownEntry['xattrs'], undefined>,
];

/** What of a stat changes whenever a file does. */
export function stampOf(stat: BigIntStats): string {
  return `${stat.dev}.${stat.ino}.${stat.size}.${stat.mtimeNs}.${stat.ctimeNs}`;
}

/**
 * The stamp of an entry that was read at an instant (wall time before the read), where it tells
 * every later change; none where the entry may have changed after it within one tick, unseen.
 */
export function trustedStamp(stat: BigIntStats, readAtMs: number): string | undefined {
  const tick = stat.ctimeNs % 1_000_000_000n === 0n ? COARSE_TICK_MS : TICK_MS;
  const isRacy = stat.ctimeNs / 1_000_000n + tick >= BigInt(Math.floor(readAtMs));
  return isRacy ? undefined : stampOf(stat);
}

function decode(bytes: Uint8Array): Map<string, Line> {
  const known = new Map<string, Line>();
  try {
    const lines: unknown = JSON.parse(fromUtf8Strict(bytes) ?? '');
    if (!Array.isArray(lines)) return known;
    for (const entry of lines) {
      if (!Array.isArray(entry)) continue;
      const [path, line]: readonly unknown[] = entry;
      if (typeof path === 'string' && isLine(line)) known.set(path, line);
    }
  } catch {
    // A damaged cache only costs reading everything again.
    known.clear();
  }
  return known;
}

function isLine(value: unknown): value is Line {
  if (!Array.isArray(value)) return false;
  const [stamp, hashes, xattrs]: readonly unknown[] = value;
  if (typeof stamp !== 'string' || !Array.isArray(hashes)) return false;
  const isKnown = xattrs === undefined || xattrs === 'unread' || typeof xattrs === 'object';
  return hashes.every(isBlobHash) && isKnown;
}
