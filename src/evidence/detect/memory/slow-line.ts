import { DURATION_BUCKETS, durationBucket, histogramQuantile } from '../duration-histogram.ts';

/** Coarser than what people are shown: four buckets of the histogram together. */
const SHARE = 4;

/** Fewer durations than this say nothing about a 95th percentile. */
const COUNT_MIN = 20;

/** Counts are halved beyond this, so that the line follows the last thousands of calls. */
const COUNT_MAX = 4_000;

/**
 * The 95th percentile of durations as long as nothing was wrong: what lies above counts as slow.
 * It moves in time slices, so that the calls of one slice are all judged alike.
 */
export class SlowLine {
  readonly #counts = new Uint32Array(Math.ceil(DURATION_BUCKETS / SHARE));
  #total = 0;
  #bucket = Number.NEGATIVE_INFINITY;
  #lineMs: number | undefined;

  /** Whether a duration is slow by the slices before; false while too few were seen. */
  isSlow(bucket: number, ms: number, isFrozen: boolean): boolean {
    if (bucket > this.#bucket) {
      this.#bucket = bucket;
      if (this.#total >= COUNT_MIN && !isFrozen) this.#lineMs = this.#percentile();
    }
    if (!isFrozen) this.#learn(ms);
    return this.#lineMs !== undefined && ms > this.#lineMs;
  }

  #learn(ms: number): void {
    const at = Math.floor(durationBucket(ms) / SHARE);
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#total += 1;
    if (this.#total <= COUNT_MAX) return;
    this.#total = 0;
    for (let i = 0; i < this.#counts.length; i += 1) {
      this.#counts[i] = (this.#counts[i] ?? 0) >>> 1;
      this.#total += this.#counts[i] ?? 0;
    }
  }

  /** The upper end of the coarse bucket that holds the percentile. */
  #percentile(): number | undefined {
    const wide = new Uint32Array(DURATION_BUCKETS);
    for (let i = 0; i < this.#counts.length; i += 1) {
      const last = Math.min(DURATION_BUCKETS - 1, i * SHARE + SHARE - 1);
      wide[last] = this.#counts[i] ?? 0;
    }
    return histogramQuantile(wide, 0.95);
  }
}
