import { DRIFT_MAX, type Constraints } from './feasible-range.ts';

/** A straight line: what one clock is ahead of another, and how fast that changes. */
export interface ClockLine {
  readonly atMs: number;
  readonly offsetMs: number;
  /** Milliseconds a millisecond; 0.00001 is 10 ppm. */
  readonly drift: number;
}

/** The offset of a line at a time, milliseconds. */
export function offsetAt({ atMs, offsetMs, drift }: ClockLine, timeMs: number): number {
  return offsetMs + drift * (timeMs - atMs);
}

/**
 * The line through the middles of the bounds by Theil and Sen: the median of the slopes of all
 * pairs, then the median of the rest. A third of the bounds may be wrong without moving it. While
 * there are few, the drift stays what it was: a step does not change how fast a quartz swings.
 */
export function fitLine(
  { count, lowAt, low, highAt, high }: Constraints,
  driftBefore: number,
): ClockLine | undefined {
  if (count === 0) return undefined;
  const at = Array.from({ length: count }, (_, i) => ((lowAt[i] ?? 0) + (highAt[i] ?? 0)) / 2);
  const middle = Array.from({ length: count }, (_, i) => ((low[i] ?? 0) + (high[i] ?? 0)) / 2);
  const slopes: number[] = [];
  for (let i = 0; i < count; i += 1) {
    for (let j = i + 1; j < count; j += 1) {
      const apart = (at[j] ?? 0) - (at[i] ?? 0);
      if (apart > 0) slopes.push(((middle[j] ?? 0) - (middle[i] ?? 0)) / apart);
    }
  }
  const atMs = at[count - 1] ?? 0;
  // A few bounds side by side say nothing of the drift: their own error would be all of it.
  const drift = count < SLOPE_FROM ? driftBefore : clamp(medianOf(slopes), DRIFT_MAX);
  const rests = middle.map((value, i) => value - drift * ((at[i] ?? 0) - atMs));
  return { atMs, offsetMs: medianOf(rests), drift };
}

/** Bounds from which a slope is taken. */
const SLOPE_FROM = 4;

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}

/** The middle one, or the mean of the two in the middle; 0 of none. Sorts in place. */
export function medianOf(values: number[]): number {
  if (values.length === 0) return 0;
  values.sort((a, b) => a - b);
  const half = values.length >> 1;
  const upper = values[half] ?? 0;
  return values.length % 2 === 1 ? upper : ((values[half - 1] ?? 0) + upper) / 2;
}
