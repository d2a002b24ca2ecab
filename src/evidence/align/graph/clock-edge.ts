import { feasibleRange, type FeasibleRange } from './feasible-range.ts';
import { fitLine, offsetAt, type ClockLine } from './fit-line.ts';
import { BIN_MS, BoundBins } from './bound-bins.ts';

/** What one clock is ahead of another at a time; the truth lies within the bound. */
export interface EdgeEstimate {
  readonly offsetMs: number;
  readonly boundMs: number;
  readonly drift: number;
  /** Since when something contradicts the line; the bound holds both until it is decided. */
  readonly doubtSinceMs?: number;
}

/** A clock that jumped, as one edge sees it. */
export interface EdgeStep {
  /** The last time that the old line held, and the first that it did not. */
  readonly afterMs: number;
  readonly beforeMs: number;
  readonly byMs: number;
}

/** What contradicts a line by less is its noise, and widens its bound. */
const STEP_MIN_MS = 1;

/** A change of temperature bends a quartz by this much; one in a machine room less. */
const WANDER = 1e-6;

/** What the stamps themselves cost: a span is ended a moment after its answer left. */
const STAMP_MS = 0.1;

/**
 * What clock B is ahead of clock A, from intervals that hold the truth. Bounded and incremental: an
 * interval costs next to nothing, a fit is made once a bin.
 */
export class ClockEdge {
  #bins = new BoundBins();
  /** Intervals that contradict the line, until two bins of them confirm a step. */
  #doubts: BoundBins | undefined;
  #doubtsSinceMs = 0;
  #line: ClockLine | undefined;
  #agreedMs = Number.NEGATIVE_INFINITY;
  #sinceMs = Number.NEGATIVE_INFINITY;
  #range: { readonly atMs: number; readonly of: FeasibleRange } | undefined;

  /** Since when the clocks are related without a step. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** The newest time of which there is an interval. */
  get newestMs(): number {
    return Math.max(this.#bins.newestMs, this.#doubts?.newestMs ?? Number.NEGATIVE_INFINITY);
  }

  get bins(): number {
    return this.#bins.count;
  }

  /** Takes an interval of B - A in milliseconds; answers the step that it confirms. */
  add(atMs: number, low: number, high: number): EdgeStep | undefined {
    if (!(low <= high) || atMs < this.#sinceMs) return undefined;
    if (this.#line !== undefined && this.#contradicts(this.#line, atMs, low, high)) {
      return this.#doubt(this.#line, atMs, low, high);
    }
    if (this.#sinceMs === Number.NEGATIVE_INFINITY) this.#sinceMs = atMs;
    this.#agree(atMs, low, high);
    const isNewBin = this.#bins.add(atMs, low, high, this.#line?.drift ?? 0);
    if (isNewBin || this.#bins.count < FIT_EACH_UNTIL) this.#fit();
    return undefined;
  }

  /** The offset at a time, from what was seen until now; undefined while nothing was. */
  at(timeMs: number): EdgeEstimate | undefined {
    if (this.#line === undefined) return undefined;
    const { low: least, high: most, misfit } = this.#rangeAt(timeMs);
    // The middle of what is possible has the smallest bound.
    const offsetMs = (least + most) / 2;
    let boundMs = (most - least) / 2;
    let doubt: { readonly doubtSinceMs?: number } = {};
    if (this.#doubts !== undefined && timeMs >= this.#agreedMs) {
      // One of the two is wrong, and until it is known which the bound holds both.
      const doubted = feasibleRange(this.#doubts, timeMs);
      doubt = { doubtSinceMs: this.#doubtsSinceMs };
      boundMs = Math.max(boundMs, doubted.high - offsetMs, offsetMs - doubted.low);
    }
    const age = Math.max(0, timeMs - this.#bins.newestMs);
    boundMs += 3 * misfit + STAMP_MS + WANDER * age;
    return { offsetMs, boundMs, drift: this.#line.drift, ...doubt };
  }

  /** Forgets what was: the clock is known to have been stepped then. */
  cut(atMs: number): void {
    this.#bins = new BoundBins();
    this.#doubts = undefined;
    this.#line = undefined;
    this.#range = undefined;
    this.#sinceMs = atMs;
  }

  /**
   * The clock is known to have been stepped, and by how much: what was seen before holds on, moved.
   * False when the step was seen here already.
   */
  shift({ afterMs, beforeMs, byMs }: EdgeStep): boolean {
    if (this.#sinceMs > afterMs) return false;
    this.#bins.shift(afterMs, byMs);
    this.#doubts = undefined;
    this.#sinceMs = beforeMs;
    this.#agreedMs = Math.min(this.#agreedMs, afterMs);
    this.#fit();
    return true;
  }

  #rangeAt(timeMs: number): FeasibleRange {
    if (this.#range?.atMs !== timeMs) {
      this.#range = { atMs: timeMs, of: feasibleRange(this.#bins.closed(), timeMs) };
    }
    return this.#range.of;
  }

  #fit(): void {
    this.#line = fitLine(this.#bins.closed(), this.#line?.drift ?? 0);
    this.#range = undefined;
  }

  #contradicts(line: ClockLine, atMs: number, low: number, high: number): boolean {
    const expected = offsetAt(line, atMs);
    // Cheap first: nearly every interval holds the line.
    if (low <= expected + STEP_MIN_MS && expected - STEP_MIN_MS <= high) return false;
    const range = feasibleRange(this.#bins.closed(), atMs);
    const slack = STEP_MIN_MS + range.misfit;
    return low > range.high + slack || high < range.low - slack;
  }

  #agree(atMs: number, low: number, high: number): void {
    const doubts = this.#doubts;
    if (doubts === undefined) {
      this.#agreedMs = Math.max(this.#agreedMs, atMs);
      return;
    }
    if (atMs < this.#doubtsSinceMs) {
      this.#agreedMs = Math.max(this.#agreedMs, atMs);
      return;
    }
    const doubted = feasibleRange(doubts, atMs);
    // What agrees with both is a slow call and decides nothing.
    if (low > doubted.high + STEP_MIN_MS || high < doubted.low - STEP_MIN_MS) {
      this.#doubts = undefined;
    }
  }

  #doubt(line: ClockLine, atMs: number, low: number, high: number): EdgeStep | undefined {
    const known = this.#doubts;
    if (known !== undefined) {
      const doubted = feasibleRange(known, atMs);
      if (low > doubted.high + STEP_MIN_MS || high < doubted.low - STEP_MIN_MS) {
        this.#doubts = undefined;
      }
    }
    if (this.#doubts === undefined) {
      this.#doubts = new BoundBins();
      this.#doubtsSinceMs = atMs;
    }
    const doubts = this.#doubts;
    this.#doubtsSinceMs = Math.min(this.#doubtsSinceMs, atMs);
    doubts.add(atMs, low, high, line.drift);
    if (doubts.count < 2 || atMs - this.#doubtsSinceMs < BIN_MS / 2) return undefined;
    return this.#step(line, doubts);
  }

  #step(line: ClockLine, doubts: BoundBins): EdgeStep {
    const beforeMs = this.#doubtsSinceMs;
    const afterMs = Math.min(this.#agreedMs, beforeMs);
    this.#bins = doubts;
    this.#doubts = undefined;
    this.#sinceMs = beforeMs;
    this.#fit();
    const byMs = offsetAt(this.#line ?? line, beforeMs) - offsetAt(line, beforeMs);
    return { afterMs, beforeMs, byMs };
  }
}

/** While there are few bins every interval may be the one that narrows them. */
const FIT_EACH_UNTIL = 4;
