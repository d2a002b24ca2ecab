/**
 * How far the corrected times of two clocks may be off each other, where what passes between these
 * two tells more than how each of them stands to ours.
 */
export interface ClockPair {
  readonly one: string;
  readonly other: string;
  /** Nanoseconds, for every time of the window that was asked about. */
  readonly boundNs: number;
}

/** The pair of two clocks, whichever is named first. */
export function pairOf(
  pairs: readonly ClockPair[],
  one: string,
  other: string,
): ClockPair | undefined {
  return pairs.find(
    (pair) =>
      (pair.one === one && pair.other === other) || (pair.one === other && pair.other === one),
  );
}
