import { DRIFT_MAX } from './feasible-range.ts';
import { medianOf } from './fit-line.ts';
import type { EdgeEstimate, EdgeStep } from './clock-edge.ts';
import { BIN_MS } from './bound-bins.ts';

/** Five minutes; what is older says little of a clock that may drift. */
const BINS = 30;

/** What the fastest message of ten seconds may take when all are alike: nothing shows it. */
const DELAY_MS = 250;

/** A way that varies by more says nothing: old records are being sent, or a relay stands still. */
const BOUND_MAX_MS = 30_000;

/** Fewer bins cannot tell a clock that is behind from one late message. */
const BINS_MIN = 3;

/** What a stamp without a fraction may be before the time that it stands for. */
export const WHOLE_SECOND_MS = 1_000;

/** Stamps of a clock in a wrong zone are off by a multiple of this. */
const ZONE_MS = 15 * 60_000;

/** What a clock is ahead of ours, as far as one way can tell. */
export interface OneWayEstimate extends EdgeEstimate {
  /** The offset is that of another time zone, to a quarter of an hour. */
  readonly isZone: boolean;
  /** No stamp had a fraction of a second: what that hides is in the bound. */
  readonly isWhole: boolean;
}

/**
 * What a clock is ahead of ours, from when its records came: none is received before it happened,
 * so the clock is ahead by at least its stamp minus our time. From above nothing bounds it; that
 * the fastest message of ten seconds took no longer than `DELAY_MS` and three times what messages
 * differ by is an assumption, and is told as one. A clock of which only whole seconds are seen may
 * be ahead by up to a second more: its stamp tells when the second began, not how far it was gone.
 */
export class OneWayEdge {
  readonly #bin = new Float64Array(BINS);
  readonly #ahead = new Float64Array(BINS);
  /** What the stamps of a bin may fall short of by, since they have no fraction. */
  readonly #short = new Float64Array(BINS);
  #count = 0;
  #sinceMs = Number.NEGATIVE_INFINITY;

  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** The newest bin. */
  get newestMs(): number {
    return this.#count === 0 ? Number.NEGATIVE_INFINITY : this.#last * BIN_MS;
  }

  /**
   * Takes the newest record of a message, `isWhole` if its stamp has no fraction; answers the step
   * that the last bins confirm.
   */
  add(observedMs: number, aheadMs: number, isWhole: boolean): EdgeStep | undefined {
    const bin = Math.floor(observedMs / BIN_MS);
    const short = isWhole ? WHOLE_SECOND_MS : 0;
    if (this.#count > 0 && bin <= this.#last) {
      const at = this.#count - 1;
      this.#ahead[at] = Math.max(this.#ahead[at] ?? aheadMs, aheadMs);
      this.#short[at] = Math.min(this.#short[at] ?? short, short);
      return undefined;
    }
    if (this.#sinceMs === Number.NEGATIVE_INFINITY) this.#sinceMs = observedMs;
    const step = this.#stepOf();
    if (this.#count === BINS) this.#keepFrom(1);
    this.#bin[this.#count] = bin;
    this.#ahead[this.#count] = aheadMs;
    this.#short[this.#count] = short;
    this.#count += 1;
    return step;
  }

  /** The offset now; undefined while it cannot be told. */
  at(timeMs: number): OneWayEstimate | undefined {
    if (this.#count < BINS_MIN) return undefined;
    const { least, spread, short } = this.#envelope(this.#count, timeMs);
    const recent = Math.min(this.#ahead[this.#count - 1] ?? 0, this.#ahead[this.#count - 2] ?? 0);
    // A bin that lies off may be the first of a step.
    const doubt = Math.max(0, Math.abs(recent - least) - spread - short);
    const boundMs = spread + short + doubt;
    if (boundMs > BOUND_MAX_MS) return undefined;
    const zone = Math.round(least / ZONE_MS) * ZONE_MS;
    const isZone = zone !== 0 && Math.abs(least - zone) <= boundMs;
    const offsetMs = isZone ? zone : least;
    const isWhole = short > 0;
    if (doubt === 0) return { offsetMs, boundMs, drift: 0, isZone, isWhole };
    const doubtSinceMs = (this.#bin[this.#count - 2] ?? 0) * BIN_MS;
    return { offsetMs, boundMs, drift: 0, isZone, isWhole, doubtSinceMs };
  }

  /** Forgets what was: the clock is known to have been stepped then. */
  cut(atMs: number): void {
    this.#count = 0;
    this.#sinceMs = atMs;
  }

  /** Like `ClockEdge.shift`. The bin of the step is forgotten: it may hold both sides of it. */
  shift({ afterMs, beforeMs, byMs }: EdgeStep): boolean {
    if (this.#sinceMs > afterMs) return false;
    while (this.#count > 0 && (this.#last + 1) * BIN_MS > afterMs) this.#count -= 1;
    for (let i = 0; i < this.#count; i += 1) this.#ahead[i] = (this.#ahead[i] ?? 0) + byMs;
    this.#sinceMs = beforeMs;
    return true;
  }

  get #last(): number {
    return this.#bin[this.#count - 1] ?? 0;
  }

  /** The least that the clock is ahead, and how far above it the truth may lie. */
  #envelope(count: number, timeMs: number): Envelope {
    let least = Number.NEGATIVE_INFINITY;
    let short = WHOLE_SECOND_MS;
    for (let i = 0; i < count; i += 1) {
      const age = Math.max(0, timeMs - (this.#bin[i] ?? 0) * BIN_MS);
      least = Math.max(least, (this.#ahead[i] ?? 0) - DRIFT_MAX * age);
      short = Math.min(short, this.#short[i] ?? 0);
    }
    // What a missing fraction explains is no lateness.
    const late = Array.from({ length: count }, (_, i) =>
      Math.max(0, least - (this.#ahead[i] ?? 0) - (this.#short[i] ?? 0)),
    );
    return { least, spread: DELAY_MS + 3 * medianOf(late), short };
  }

  /** Two bins in a row that lie off all before them, and alike, are a step. */
  #stepOf(): EdgeStep | undefined {
    const before = this.#count - 2;
    if (before < BINS_MIN) return undefined;
    const startMs = (this.#bin[before] ?? 0) * BIN_MS;
    const { least, spread } = this.#envelope(before, startMs);
    // Whole seconds are off by up to a second without any step.
    const noise = spread + Math.max(...this.#short.subarray(0, this.#count));
    const one = (this.#ahead[before] ?? 0) - least;
    const two = (this.#ahead[before + 1] ?? 0) - least;
    const isOff = Math.min(Math.abs(one), Math.abs(two)) > noise && one > 0 === two > 0;
    if (!isOff || Math.abs(one - two) > noise) return undefined;
    const afterMs = ((this.#bin[before - 1] ?? 0) + 1) * BIN_MS;
    this.#keepFrom(before);
    this.#sinceMs = startMs + BIN_MS;
    return {
      afterMs: Math.min(afterMs, startMs),
      beforeMs: this.#sinceMs,
      byMs: Math.max(one, two),
    };
  }

  #keepFrom(first: number): void {
    this.#bin.copyWithin(0, first, this.#count);
    this.#ahead.copyWithin(0, first, this.#count);
    this.#short.copyWithin(0, first, this.#count);
    this.#count -= first;
  }
}

/** What the bins say together, milliseconds. */
interface Envelope {
  readonly least: number;
  readonly spread: number;
  /** What a clock of which only whole seconds were seen may be ahead by beyond that. */
  readonly short: number;
}
