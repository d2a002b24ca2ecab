/** How many intervals may pass between two looks, and how often longer than usual one may take. */
const LATE_FACTOR = 3;

/** One look at all that soaks: when it began and ended, in milliseconds that never go back. */
export interface Look {
  readonly beganMs: number;
  readonly endedMs: number;
}

/**
 * For how many milliseconds before the end of a look nobody looked, when that was longer than looks
 * are apart: a daemon that was stopped saw nothing. 0 when it was watched. Pure.
 */
export function unwatchedMs(before: Look | undefined, now: Look, everyMs: number): number {
  if (before === undefined) return 0;
  const tookBefore = before.endedMs - before.beganMs;
  const isLate = now.beganMs - before.endedMs > LATE_FACTOR * everyMs;
  const isLong = now.endedMs - now.beganMs > LATE_FACTOR * (everyMs + tookBefore);
  return isLate || isLong ? now.endedMs - before.endedMs : 0;
}
