import { COUNT, SeriesTable } from './series-table.ts';
import type { TroubledTimes } from './troubled-times.ts';

/** As many components as triggers watch. */
const COMPONENTS_MAX = 1_000;

/** Of a component with more replicas the newest clocks count: one is enough to doubt an order. */
const CLOCKS_MAX = 16;

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
  #clock = 0;
  #count = 0;
  readonly #clocks = new Map<string, string[]>();
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(buckets: number, troubled: TroubledTimes) {
    this.#troubled = troubled;
    this.table = new SeriesTable(COMPONENTS_MAX, buckets, 1);
  }

  begin(dictionary: readonly string[]): void {
    this.#dictionary = dictionary;
  }

  /**
   * Counts a record of the component whose name stands at index `name` of the dictionary, stamped
   * by the clock whose id stands at index `clock`.
   */
  note(name: number, clock: number, bucket: number, ms: number): void {
    if (name !== this.#name || clock !== this.#clock || bucket !== this.#bucket) {
      this.flush();
      this.#name = name;
      this.#clock = clock;
      this.#bucket = bucket;
    }
    this.#count += 1;
    if (ms > this.#lastMs) this.#lastMs = ms;
  }

  /** Puts the current run down; to be called at the end of a batch. */
  flush(): void {
    if (this.#count === 0) return;
    const component = this.#dictionary[this.#name] || 'unknown';
    const series = this.table.of(component, '');
    if (series !== undefined) this.#noteClock(component);
    series?.ring.add(this.#bucket, COUNT, this.#count, this.#troubled);
    if (series !== undefined && this.#lastMs > series.lastMs) series.lastMs = this.#lastMs;
    this.#count = 0;
    this.#lastMs = Number.NEGATIVE_INFINITY;
  }

  /** The clocks that stamped the records of each component. */
  get clocks(): ReadonlyMap<string, readonly string[]> {
    return this.#clocks;
  }

  forgetBefore(bucket: number): void {
    this.table.forgetBefore(bucket);
    const kept = new Set([...this.table.all()].map(({ component }) => component));
    for (const component of this.#clocks.keys()) {
      if (!kept.has(component)) this.#clocks.delete(component);
    }
  }

  #noteClock(component: string): void {
    const clock = this.#dictionary[this.#clock] ?? '';
    const known = this.#clocks.get(component) ?? [];
    if (known.includes(clock)) return;
    this.#clocks.set(component, [...known, clock].slice(-CLOCKS_MAX));
  }
}
