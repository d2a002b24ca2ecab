import type { TroubledTimes } from './troubled-times.ts';

/** The size of a ring. */
export interface RingOptions {
  readonly buckets: number;
  readonly lanes: number;
}

const NONE: ReadonlySet<number> = new Set();

const NEVER_MS = Number.POSITIVE_INFINITY;

/**
 * Counts per time bucket over the last minutes, in a few lanes, with the time of the first error
 * of each bucket. What leaves the ring is added to totals of older time, unless something fired
 * then: that is forgotten, so that trouble never becomes part of what is normal.
 */
export class CountRing {
  readonly #buckets: number;
  readonly #lanes: readonly Float32Array[];
  readonly #firstMs: Float64Array;
  readonly #older: Float64Array;
  #head: number | undefined;
  #first: number | undefined;

  constructor({ buckets, lanes }: RingOptions) {
    this.#buckets = buckets;
    this.#lanes = Array.from({ length: lanes }, () => new Float32Array(buckets));
    this.#firstMs = new Float64Array(buckets).fill(NEVER_MS);
    this.#older = new Float64Array(lanes);
  }

  /** The newest bucket that was counted in. */
  get head(): number | undefined {
    return this.#head;
  }

  /** The first bucket that was ever counted in. */
  get first(): number | undefined {
    return this.#first;
  }

  /** Adds to a lane of a bucket; false when the bucket has left the ring. */
  add(bucket: number, lane: number, amount: number, troubled: TroubledTimes): boolean {
    if (this.#head === undefined || bucket > this.#head) this.#advance(bucket, troubled);
    if (bucket <= (this.#head ?? bucket) - this.#buckets) return false;
    if (this.#first === undefined || bucket < this.#first) this.#first = bucket;
    const counts = this.#lanes[lane];
    const slot = bucket % this.#buckets;
    if (counts !== undefined) counts[slot] = (counts[slot] ?? 0) + amount;
    return true;
  }

  /** Remembers the time of an error, of which the earliest of a bucket is kept. */
  noteError(bucket: number, ms: number): void {
    const slot = bucket % this.#buckets;
    if (ms < (this.#firstMs[slot] ?? NEVER_MS)) this.#firstMs[slot] = ms;
  }

  /** The sum of a lane over the buckets from `from` to before `to`, without those in `except`. */
  sum(lane: number, from: number, to: number, except: ReadonlySet<number> = NONE): number {
    let sum = 0;
    for (const slot of this.#slots(from, to, except)) sum += this.#lanes[lane]?.[slot] ?? 0;
    return sum;
  }

  /** What left the ring of times when nothing fired. */
  older(lane: number): number {
    return this.#older[lane] ?? 0;
  }

  /** How many buckets from `from` to before `to` hold something in a lane. */
  active(lane: number, from: number, to: number, except: ReadonlySet<number> = NONE): number {
    let active = 0;
    for (const slot of this.#slots(from, to, except))
      if ((this.#lanes[lane]?.[slot] ?? 0) > 0) active += 1;
    return active;
  }

  /** The first error at or after bucket `from`, milliseconds. */
  firstErrorMs(from: number, to: number): number | undefined {
    for (const slot of this.#slots(from, to)) {
      const ms = this.#firstMs[slot] ?? NEVER_MS;
      if (ms !== NEVER_MS) return ms;
    }
    return undefined;
  }

  /** The first error of the last bucket before `to` that has one, milliseconds. */
  lastErrorMs(from: number, to: number): number | undefined {
    let last: number | undefined;
    for (const slot of this.#slots(from, to)) {
      const ms = this.#firstMs[slot] ?? NEVER_MS;
      if (ms !== NEVER_MS) last = ms;
    }
    return last;
  }

  *#slots(from: number, to: number, except: ReadonlySet<number> = NONE): Iterable<number> {
    if (this.#head === undefined) return;
    const end = Math.min(to - 1, this.#head);
    for (let at = Math.max(from, this.#head - this.#buckets + 1); at <= end; at += 1) {
      if (except.has(at)) continue;
      yield ((at % this.#buckets) + this.#buckets) % this.#buckets;
    }
  }

  #advance(bucket: number, troubled: TroubledTimes): void {
    const start = this.#head === undefined ? bucket : this.#head + 1;
    this.#head = bucket;
    for (let at = Math.max(start, bucket - this.#buckets + 1); at <= bucket; at += 1) {
      const slot = at % this.#buckets;
      const isGood = !troubled.covers(at - this.#buckets);
      for (let lane = 0; lane < this.#lanes.length; lane += 1) {
        const counts = this.#lanes[lane];
        if (counts === undefined) continue;
        if (isGood) this.#older[lane] = (this.#older[lane] ?? 0) + (counts[slot] ?? 0);
        counts[slot] = 0;
      }
      this.#firstMs[slot] = NEVER_MS;
    }
  }
}
