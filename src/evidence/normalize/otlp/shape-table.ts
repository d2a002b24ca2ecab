import type { KeyEntry } from './key-table.ts';

/** The keys of a record in the order they came, and the order canonical JSON wants. */
interface Shape {
  readonly entries: readonly KeyEntry[];
  readonly order: readonly number[];
}

/** One log statement is one shape; this many are remembered, the newest wins its slot. */
const SLOTS = 1024;

/** Remembers how to sort the keys of records, because records of one statement are alike. */
export class ShapeTable {
  #slots: (Shape | undefined)[] = Array.from({ length: SLOTS }, () => undefined);

  /** Indexes into `entries` by ascending key; of equal keys only the last one. */
  orderOf(entries: readonly KeyEntry[]): readonly number[] {
    let hash = entries.length;
    for (let at = 0; at < entries.length; at += 1) {
      hash = Math.imul(hash, 31) + (entries[at]?.hash ?? 0);
    }
    const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    const known = this.#slots[slot];
    if (known !== undefined && isSame(known.entries, entries)) return known.order;
    const shape = { entries: [...entries], order: sortedOrder(entries) };
    this.#slots[slot] = shape;
    return shape.order;
  }
}

function isSame(known: readonly KeyEntry[], entries: readonly KeyEntry[]): boolean {
  if (known.length !== entries.length) return false;
  for (let at = 0; at < known.length; at += 1) {
    if (known[at] !== entries[at]) return false;
  }
  return true;
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
