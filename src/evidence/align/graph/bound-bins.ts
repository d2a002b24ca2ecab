import type { Constraints } from './feasible-range.ts';

/** Width of a bin: fifty calls of a busy edge, of which the fastest ways say most. */
export const BIN_MS = 10_000;

/** Bins of a fit: five minutes of a busy edge, over which a quartz runs straight. */
const BINS_MAX = 30;

/** An older bin says nothing of a quartz whose room has changed its temperature since. */
const AGE_MAX_MS = 15 * 60_000;

/** One place more than is kept, so that a new bin never overwrites one in use. */
const PLACES = BINS_MAX + 1;

/**
 * The tightest two bounds of every ten seconds, the newest thirty of them. The fastest way there
 * and the fastest way back are rarely those of one call, so each has its own.
 */
export class BoundBins implements Constraints {
  readonly lowAt = new Float64Array(PLACES);
  readonly low = new Float64Array(PLACES);
  readonly highAt = new Float64Array(PLACES);
  readonly high = new Float64Array(PLACES);
  count = 0;

  /** The time of the newest bound; minus infinity while there is none. */
  get newestMs(): number {
    if (this.count === 0) return Number.NEGATIVE_INFINITY;
    return Math.max(this.lowAt[this.count - 1] ?? 0, this.highAt[this.count - 1] ?? 0);
  }

  /** Takes an interval of a line with this drift; answers whether it began a bin at the end. */
  add(atMs: number, low: number, high: number, drift: number): boolean {
    const bin = Math.floor(atMs / BIN_MS);
    let place = this.count;
    while (place > 0 && this.#binAt(place - 1) > bin) place -= 1;
    if (place > 0 && this.#binAt(place - 1) === bin) {
      this.#tighten(place - 1, atMs, low, high, drift);
      return false;
    }
    if (place === 0 && this.count >= BINS_MAX) return false;
    for (const column of this.#columns) column.copyWithin(place + 1, place, this.count);
    this.#write(place, atMs, low, high);
    this.count += 1;
    const isNewest = place === this.count - 1;
    this.#forgetOld();
    return isNewest;
  }

  /** All but the newest bin, which may still be tightened; all while they are few. */
  closed(): Constraints {
    const { lowAt, low, highAt, high, count } = this;
    return count < CLOSED_FROM ? this : { lowAt, low, highAt, high, count: count - 1 };
  }

  /** Keeps what was seen until then, moved by so much. */
  shift(untilMs: number, byMs: number): void {
    while (this.count > 0 && this.newestMs > untilMs) this.count -= 1;
    for (let i = 0; i < this.count; i += 1) {
      this.low[i] = (this.low[i] ?? 0) + byMs;
      this.high[i] = (this.high[i] ?? 0) + byMs;
    }
  }

  get #columns(): readonly Float64Array[] {
    return [this.lowAt, this.low, this.highAt, this.high];
  }

  #binAt(place: number): number {
    return Math.floor((this.lowAt[place] ?? 0) / BIN_MS);
  }

  #tighten(place: number, atMs: number, low: number, high: number, drift: number): void {
    const lowThen = (this.low[place] ?? 0) + drift * (atMs - (this.lowAt[place] ?? 0));
    const highThen = (this.high[place] ?? 0) + drift * (atMs - (this.highAt[place] ?? 0));
    if (low > highThen || high < lowThen) {
      // One of the two is false. A false one comes of a call that took long.
      if (high - low < highThen - lowThen) this.#write(place, atMs, low, high);
      return;
    }
    if (low > lowThen) {
      this.low[place] = low;
      this.lowAt[place] = atMs;
    }
    if (high < highThen) {
      this.high[place] = high;
      this.highAt[place] = atMs;
    }
  }

  #write(place: number, atMs: number, low: number, high: number): void {
    this.lowAt[place] = atMs;
    this.low[place] = low;
    this.highAt[place] = atMs;
    this.high[place] = high;
  }

  #forgetOld(): void {
    const oldest = this.newestMs - AGE_MAX_MS;
    let first = this.count > BINS_MAX ? 1 : 0;
    while (first < this.count - 1 && (this.lowAt[first] ?? 0) < oldest) first += 1;
    if (first === 0) return;
    for (const column of this.#columns) column.copyWithin(0, first, this.count);
    this.count -= first;
  }
}

/** With fewer bins than this the newest one is used as it is: there is little else. */
const CLOSED_FROM = 4;
