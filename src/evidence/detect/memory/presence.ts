import { COUNT, SeriesTable } from './series-table.ts';
import type { TroubledTimes } from './troubled-times.ts';

/** As many components as triggers watch. */
const COMPONENTS_MAX = 1_000;

/**
 * How many records of any kind each component sent, and when the newest was. Rows of one batch are
 * mostly alike, so they are counted in runs and put down when component or time slice change.
 */
export class Presence {
  readonly table: SeriesTable;
  #dictionary: readonly string[] = [];
  readonly #troubled: TroubledTimes;
  #name = 0;
  #bucket = 0;
  #count = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(buckets: number, troubled: TroubledTimes) {
    this.#troubled = troubled;
    this.table = new SeriesTable(COMPONENTS_MAX, buckets, 1);
  }

  begin(dictionary: readonly string[]): void {
    this.#dictionary = dictionary;
  }

  /** Counts a record of the component whose name stands at index `name` of the dictionary. */
  note(name: number, bucket: number, ms: number): void {
    if (name !== this.#name || bucket !== this.#bucket) {
      this.flush();
      this.#name = name;
      this.#bucket = bucket;
    }
    this.#count += 1;
    if (ms > this.#lastMs) this.#lastMs = ms;
  }

  /** Puts the current run down; to be called at the end of a batch. */
  flush(): void {
    if (this.#count === 0) return;
    const series = this.table.of(this.#dictionary[this.#name] || 'unknown', '');
    series?.ring.add(this.#bucket, COUNT, this.#count, this.#troubled);
    if (series !== undefined && this.#lastMs > series.lastMs) series.lastMs = this.#lastMs;
    this.#count = 0;
    this.#lastMs = Number.NEGATIVE_INFINITY;
  }

  forgetBefore(bucket: number): void {
    this.table.forgetBefore(bucket);
  }
}
