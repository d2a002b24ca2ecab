/** The window is kept in so many parts; the oldest is dropped whole when its time is over. */
const PARTS = 8;

/** Entries of a part's table to begin with: most stores never see a uid. */
const SLOTS_FIRST = 1024;

/**
 * Remembers 64-bit hashes of `log.record.uid` and where each was stored. A hit is only a hint: the
 * caller compares the stored uid. Bounded in time and in memory; 16 bytes a slot, half of them
 * used.
 */
export class UidWindow {
  readonly #windowMs: number;
  readonly #entriesMax: number;
  readonly #parts: { readonly sinceMs: number; readonly table: HashTable }[] = [];

  constructor(windowMs: number, entriesMax: number) {
    this.#windowMs = windowMs;
    this.#entriesMax = entriesMax;
  }

  get entries(): number {
    return this.#parts.reduce((sum, { table }) => sum + table.entries, 0);
  }

  /** The rows that may hold this uid of this sender. */
  candidates(sender: string, uid: string): readonly number[] {
    if (this.#parts.length === 0) return [];
    const hash = uidHash(sender, uid);
    return this.#parts.flatMap(({ table }) => table.find(hash));
  }

  add(sender: string, uid: string, seq: number, nowMs: number): void {
    const newest = this.#parts.at(-1);
    const full = newest !== undefined && newest.table.entries >= this.#entriesMax / PARTS;
    const over = newest !== undefined && nowMs - newest.sinceMs >= this.#windowMs / PARTS;
    if (newest === undefined || full || over) this.#begin(nowMs);
    this.#parts.at(-1)?.table.add(uidHash(sender, uid), seq);
  }

  #begin(nowMs: number): void {
    this.#parts.push({ sinceMs: nowMs, table: new HashTable() });
    const [first, second] = this.#parts;
    if (first === undefined || second === undefined) return;
    // A part is over when the next one, which holds only later uids, has left the window.
    const expired = nowMs - second.sinceMs > this.#windowMs;
    if (expired || this.#parts.length > PARTS + 1) this.#parts.shift();
  }
}

interface Hash {
  readonly low: number;
  /** Never 0, which marks a free slot. */
  readonly high: number;
}

/** Open addressing with linear probing; grows by doubling, forgets only as a whole. */
class HashTable {
  entries = 0;
  #low = new Uint32Array(SLOTS_FIRST);
  #high = new Uint32Array(SLOTS_FIRST);
  #seq = new Float64Array(SLOTS_FIRST);

  find({ low, high }: Hash): readonly number[] {
    const found: number[] = [];
    const mask = this.#low.length - 1;
    for (let at = low & mask; this.#high[at] !== 0; at = (at + 1) & mask) {
      if (this.#low[at] === low && this.#high[at] === high) found.push(this.#seq[at] ?? 0);
    }
    return found;
  }

  add(hash: Hash, seq: number): void {
    if (this.entries * 2 >= this.#low.length) this.#grow();
    this.#put(hash.low, hash.high, seq);
    this.entries += 1;
  }

  #put(low: number, high: number, seq: number): void {
    const mask = this.#low.length - 1;
    let at = low & mask;
    while (this.#high[at] !== 0) at = (at + 1) & mask;
    this.#low[at] = low;
    this.#high[at] = high;
    this.#seq[at] = seq;
  }

  #grow(): void {
    const [low, high, seq] = [this.#low, this.#high, this.#seq];
    const slots = 2 * low.length;
    this.#low = new Uint32Array(slots);
    this.#high = new Uint32Array(slots);
    this.#seq = new Float64Array(slots);
    for (let at = 0; at < low.length; at += 1) {
      const h = high[at] ?? 0;
      if (h !== 0) this.#put(low[at] ?? 0, h, seq[at] ?? 0);
    }
  }
}

/** Two multiplicative hashes over the characters, mixed at the end (after cyrb53 by bryc). */
function uidHash(sender: string, uid: string): Hash {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (const text of [sender, '\n', uid]) {
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      a = Math.imul(a ^ unit, 2654435761);
      b = Math.imul(b ^ unit, 1597334677);
    }
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return { low: a >>> 0, high: b >>> 0 || 1 };
}
