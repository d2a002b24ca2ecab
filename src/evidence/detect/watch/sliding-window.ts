/** Sub-buckets a window is cut into: its edge is then at most a tenth of it off. */
const SLOTS = 10;

/** Finer sub-buckets than this cost more than the milliseconds they gain. */
const WIDTH_MS_MIN = 100;

const NEVER_MS = Number.POSITIVE_INFINITY;

/**
 * Counts over the last `windowMs` of aligned time, in sub-buckets. The window ends with the
 * newest sub-bucket (`head`), of which only a part may have passed: it covers at most `windowMs`
 * and at least nine tenths of it, so a sum never counts more than the window may hold.
 */
export class SlidingWindow {
  /** Length of one sub-bucket, milliseconds. */
  readonly widthMs: number;
  readonly slots: number;
  readonly #lanes: readonly Float64Array[];
  readonly #sums: Float64Array;
  readonly #firstMs: Float64Array;
  readonly #firstNs: BigInt64Array;
  #head: number | undefined;

  constructor(windowMs: number, lanes: number) {
    this.widthMs = Math.max(WIDTH_MS_MIN, Math.ceil(windowMs / SLOTS));
    this.slots = Math.max(1, Math.floor(windowMs / this.widthMs));
    this.#lanes = Array.from({ length: lanes }, () => new Float64Array(this.slots));
    this.#sums = new Float64Array(lanes);
    this.#firstMs = new Float64Array(this.slots).fill(NEVER_MS);
    this.#firstNs = new BigInt64Array(this.slots);
  }

  /** The number of the newest sub-bucket; undefined before the first. */
  get head(): number | undefined {
    return this.#head;
  }

  /** The number of the sub-bucket that holds an instant. */
  indexOf(ms: number): number {
    return Math.floor(ms / this.widthMs);
  }

  /** Whether a sub-bucket still lies in the window. */
  holds(index: number): boolean {
    return this.#head !== undefined && index <= this.#head && index > this.#head - this.slots;
  }

  /** Starts at, or moves by one sub-bucket towards, `index`; false once there. */
  stepTowards(index: number): boolean {
    if (this.#head === undefined) {
      this.#head = index;
      return true;
    }
    if (index <= this.#head) return false;
    // Once everything has left the window, the empty steps in between need no visit.
    this.#head = this.isEmpty ? index : this.#head + 1;
    this.#clear(this.#head % this.slots);
    return true;
  }

  /** Whether nothing is counted in the window. */
  get isEmpty(): boolean {
    return this.#sums.every((sum) => sum === 0);
  }

  /** Adds to a lane of a sub-bucket that the window holds. */
  add(index: number, lane: number, amount: number): void {
    const counts = this.#lanes[lane];
    if (counts === undefined) return;
    const slot = index % this.slots;
    counts[slot] = (counts[slot] ?? 0) + amount;
    this.#sums[lane] = (this.#sums[lane] ?? 0) + amount;
  }

  sum(lane: number): number {
    return this.#sums[lane] ?? 0;
  }

  /** Whether `ms` is earlier than every bad record of its sub-bucket so far. */
  isFirst(index: number, ms: number): boolean {
    return ms < (this.#firstMs[index % this.slots] ?? NEVER_MS);
  }

  /** Remembers the first bad record of a sub-bucket. */
  setFirst(index: number, ms: number, ns: bigint): void {
    const slot = index % this.slots;
    this.#firstMs[slot] = ms;
    this.#firstNs[slot] = ns;
  }

  /**
   * The time of the first bad record of the trouble that the window shows: the earliest one after
   * the point where the counts of `lane` rose, so that a stray record of the background minutes
   * before is not taken for the beginning. Undefined when there is none.
   */
  onsetNs(lane: number): bigint | undefined {
    if (this.#head === undefined) return undefined;
    const slots: number[] = [];
    for (let index = this.#head - this.slots + 1; index <= this.#head; index += 1) {
      slots.push(((index % this.slots) + this.slots) % this.slots);
    }
    const counts = slots.map((slot) => this.#lanes[lane]?.[slot] ?? 0);
    const first = slots
      .slice(riseOf(counts))
      .find((slot) => (this.#firstMs[slot] ?? NEVER_MS) !== NEVER_MS);
    return first === undefined ? undefined : this.#firstNs[first];
  }

  #clear(slot: number): void {
    for (let lane = 0; lane < this.#lanes.length; lane += 1) {
      const counts = this.#lanes[lane];
      if (counts === undefined) continue;
      this.#sums[lane] = (this.#sums[lane] ?? 0) - (counts[slot] ?? 0);
      counts[slot] = 0;
    }
    this.#firstMs[slot] = NEVER_MS;
    this.#firstNs[slot] = 0n;
  }
}

/** A split of the counts must be this much likelier than none, in nats (odds of 20 to 1). */
const RISE_NATS = 3;

/**
 * Where counts per equal time rose: the split with the greatest log-likelihood ratio of two
 * Poisson rates against one, 0 when no split is clearly better than none.
 */
export function riseOf(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const whole = poisson(total, counts.length);
  let best = 0;
  let bestGain = RISE_NATS;
  let before = 0;
  for (let split = 1; split < counts.length; split += 1) {
    before += counts[split - 1] ?? 0;
    const after = total - before;
    const isRise = after / (counts.length - split) > before / split;
    const gain = poisson(before, split) + poisson(after, counts.length - split) - whole;
    if (isRise && gain > bestGain) {
      best = split;
      bestGain = gain;
    }
  }
  return best;
}

function poisson(count: number, time: number): number {
  return count === 0 ? 0 : count * Math.log(count / time);
}
