import { DURATION_BUCKETS, durationBucket, histogramQuantile } from '../duration-histogram.ts';

/** Durations by sub-bucket of a sliding window, for the quantile that people are shown. */
export class SlidingHistogram {
  readonly #slots: ({ index: number; readonly counts: Uint32Array } | undefined)[];

  constructor(slots: number) {
    this.#slots = Array.from({ length: slots }, () => undefined);
  }

  /** Counts a duration in the sub-bucket `index`. */
  add(index: number, ms: number): void {
    const at = index % this.#slots.length;
    let slot = this.#slots[at];
    if (slot === undefined) {
      slot = { index, counts: new Uint32Array(DURATION_BUCKETS) };
      this.#slots[at] = slot;
    } else if (slot.index !== index) {
      slot.index = index;
      slot.counts.fill(0);
    }
    const bucket = durationBucket(ms);
    slot.counts[bucket] = (slot.counts[bucket] ?? 0) + 1;
  }

  /** The quantile over the window that ends with sub-bucket `head`, within 3.1 %. */
  quantile(head: number, q: number): number | undefined {
    const sum = new Uint32Array(DURATION_BUCKETS);
    for (const slot of this.#slots) {
      if (slot === undefined || slot.index > head || slot.index <= head - this.#slots.length) {
        continue;
      }
      for (let bucket = 0; bucket < sum.length; bucket += 1) {
        sum[bucket] = (sum[bucket] ?? 0) + (slot.counts[bucket] ?? 0);
      }
    }
    return histogramQuantile(sum, q);
  }
}
