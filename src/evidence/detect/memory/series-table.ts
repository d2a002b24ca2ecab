import { CountRing } from './count-ring.ts';
import type { SlowLine } from './slow-line.ts';

/** Lanes of an operation. */
export const OPERATION = { calls: 0, errors: 1, slow: 2, totalMs: 3 } as const;

/** Lanes of a call edge. */
export const EDGE = { calls: 0, errors: 1, refused: 2, served: 3, servedErrors: 4 } as const;

/** The lane of everything else: how often. */
export const COUNT = 0;

/** One thing that is counted over time. */
export interface Series {
  readonly component: string;
  /** Operation, callee, message key or refused address; '' for the component itself. */
  readonly name: string;
  readonly ring: CountRing;
  /** Only operations have one. */
  slowLine: SlowLine | undefined;
  /** Text of one example, for messages. */
  sample: string;
  isEntry: boolean;
  /** Aligned time of the newest record, milliseconds; -Infinity before the first. */
  lastMs: number;
}

/**
 * Series of one sort by component and name. Bounded: names come from the outside, and one sender
 * that puts an id into every name must not fill the memory.
 */
export class SeriesTable {
  readonly #byComponent = new Map<string, Map<string, Series>>();
  readonly #max: number;
  readonly #buckets: number;
  readonly #lanes: number;
  #size = 0;
  #dropped = 0;

  constructor(max: number, buckets: number, lanes: number) {
    this.#max = max;
    this.#buckets = buckets;
    this.#lanes = lanes;
  }

  /** Counts that found no room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The series, made when there is room for it. */
  of(component: string, name: string): Series | undefined {
    let names = this.#byComponent.get(component);
    const known = names?.get(name);
    if (known !== undefined) return known;
    if (this.#size >= this.#max) {
      this.#dropped += 1;
      return undefined;
    }
    if (names === undefined) {
      names = new Map();
      this.#byComponent.set(component, names);
    }
    const ring = new CountRing({ buckets: this.#buckets, lanes: this.#lanes });
    const series: Series = {
      component,
      name,
      ring,
      slowLine: undefined,
      sample: '',
      isEntry: false,
      lastMs: Number.NEGATIVE_INFINITY,
    };
    names.set(name, series);
    this.#size += 1;
    return series;
  }

  /** Drops the series whose newest count lies before a bucket. */
  forgetBefore(bucket: number): void {
    for (const [component, names] of this.#byComponent) {
      for (const [name, { ring }] of names) {
        if ((ring.head ?? bucket) >= bucket) continue;
        names.delete(name);
        this.#size -= 1;
      }
      if (names.size === 0) this.#byComponent.delete(component);
    }
  }

  *all(): Iterable<Series> {
    for (const names of this.#byComponent.values()) yield* names.values();
  }
}
