import { concatBytes } from '../../../base/bytes.ts';
import type { KeyEntry } from './key-table.ts';

/** The keys of a record in the order they came, and how canonical JSON writes them. */
export interface Shape {
  readonly entries: readonly KeyEntry[];
  /** Indexes into `entries` by ascending key; of equal keys only the last one. */
  readonly order: readonly number[];
  /** What stands before each value in that order: `{"key":`, then `,"key":`. */
  readonly prefixes: readonly Uint8Array[];
  readonly prefixBytes: number;
  readonly isAscii: boolean;
}

/** One log statement is one shape; this many are remembered, the newest wins its slot. */
const SLOTS = 1024;

/** Remembers how to sort the keys of records, because records of one statement are alike. */
export class ShapeTable {
  #slots = new Array<Shape | undefined>(SLOTS).fill(undefined);
  #last: Shape | undefined;

  /** The shape of records with the first `count` of these keys in this order. */
  of(entries: readonly KeyEntry[], count: number): Shape {
    const last = this.#last;
    if (last !== undefined && isSame(last.entries, entries, count)) return last;
    let hash = count;
    for (let at = 0; at < count; at += 1) {
      hash = Math.imul(hash, 31) + (entries[at]?.hash ?? 0);
    }
    const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    const known = this.#slots[slot];
    const shape =
      known !== undefined && isSame(known.entries, entries, count)
        ? known
        : newShape(entries.slice(0, count));
    this.#slots[slot] = shape;
    this.#last = shape;
    return shape;
  }
}

function isSame(known: readonly KeyEntry[], entries: readonly KeyEntry[], count: number): boolean {
  if (known.length !== count) return false;
  for (let at = 0; at < known.length; at += 1) {
    if (known[at] !== entries[at]) return false;
  }
  return true;
}

function newShape(entries: readonly KeyEntry[]): Shape {
  const order = sortedOrder(entries);
  const prefixes = order.map((index, at) => {
    const json = entries[index]?.json ?? new Uint8Array();
    return concatBytes([Uint8Array.of(at === 0 ? 0x7b : 0x2c), json]);
  });
  return {
    entries,
    order,
    prefixes,
    prefixBytes: prefixes.reduce((sum, { length }) => sum + length, 0),
    isAscii: prefixes.every((prefix) => prefix.every((byte) => byte < 0x80)),
  };
}

function sortedOrder(entries: readonly KeyEntry[]): readonly number[] {
  const text = (index: number): string => entries[index]?.text ?? '';
  const order = entries
    .map((_entry, index) => index)
    .toSorted((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : a - b));
  return order.filter((index, at) => {
    const next = order[at + 1];
    return next === undefined || text(next) !== text(index);
  });
}
