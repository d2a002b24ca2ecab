/**
 * What is known of how far one clock was ahead of another: it was at least `low[i]` at `lowAt[i]`
 * and at most `high[i]` at `highAt[i]`. Times are milliseconds since the epoch, ascending.
 */
export interface Constraints {
  readonly count: number;
  readonly lowAt: Float64Array;
  readonly low: Float64Array;
  readonly highAt: Float64Array;
  readonly high: Float64Array;
}

/** Where the offset can be at one time. */
export interface FeasibleRange {
  readonly low: number;
  readonly high: number;
  /** How far every bound had to be moved for one straight line to keep them all. */
  readonly misfit: number;
}

/** A quartz beside a furnace drifts 100 ppm, a virtual machine 1000 at worst; more is no clock. */
export const DRIFT_MAX = 1.2e-3;

/** Halvings of the range of slopes: the last one moves an offset by less than 0.1 microseconds. */
const HALVINGS = 26;

/**
 * Between what bounds the offset lies at `atMs`, if it is one straight line through all intervals
 * and drifts at most `DRIFT_MAX`. The line may be any, so the bounds grow with the distance from
 * what was seen: they are exact, not estimated.
 */
export function feasibleRange(constraints: Constraints, atMs: number): FeasibleRange {
  const top = (slope: number): number => {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < constraints.count; i += 1) {
      const value = (constraints.high[i] ?? 0) - slope * ((constraints.highAt[i] ?? 0) - atMs);
      if (value < least) least = value;
    }
    return least;
  };
  const bottom = (slope: number): number => {
    let most = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < constraints.count; i += 1) {
      const value = (constraints.low[i] ?? 0) - slope * ((constraints.lowAt[i] ?? 0) - atMs);
      if (value > most) most = value;
    }
    return most;
  };
  const gap = (slope: number): number => top(slope) - bottom(slope);
  // The gap is concave in the slope, `top` too, and `bottom` convex: each has one best place.
  const best = peak(gap, -DRIFT_MAX, DRIFT_MAX);
  const misfit = Math.max(0, -gap(best) / 2);
  const isMet = (slope: number): boolean => gap(slope) + 2 * misfit >= 0;
  const first = edge(isMet, best, -DRIFT_MAX);
  const last = edge(isMet, best, DRIFT_MAX);
  return {
    low: bottom(peak((slope) => -bottom(slope), first, last)) - misfit,
    high: top(peak(top, first, last)) + misfit,
    misfit,
  };
}

/** Where a concave function is greatest, by golden sections. */
function peak(value: (x: number) => number, from: number, to: number): number {
  let [left, right] = [from, to];
  let [a, b] = [right - GOLDEN * (right - left), left + GOLDEN * (right - left)];
  let [atA, atB] = [value(a), value(b)];
  for (let turn = 0; turn < TURNS; turn += 1) {
    if (atA < atB) {
      left = a;
      [a, atA] = [b, atB];
      b = left + GOLDEN * (right - left);
      atB = value(b);
    } else {
      right = b;
      [b, atB] = [a, atA];
      a = right - GOLDEN * (right - left);
      atA = value(a);
    }
  }
  return (left + right) / 2;
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** As precise as `HALVINGS`: a section leaves 0.618 of the range. */
const TURNS = Math.ceil(HALVINGS / -Math.log2(GOLDEN));

/** The farthest place from `inside` towards `limit` that is still met. */
function edge(isMet: (x: number) => boolean, inside: number, limit: number): number {
  if (isMet(limit)) return limit;
  let [met, missed] = [inside, limit];
  for (let turn = 0; turn < HALVINGS; turn += 1) {
    const middle = (met + missed) / 2;
    if (isMet(middle)) met = middle;
    else missed = middle;
  }
  return met;
}
