import type { Config } from './schema.ts';

/** A trouble that begins within one window of a trigger is seen at the end of the next one. */
const WINDOWS = 2;

/**
 * How long a checkpoint soaks: as configured, and never shorter than two of the longest trigger
 * window, because a trigger that had no time to fire has not found it well.
 */
export function soakTime({ checkpoints, triggers }: Config): number {
  return Math.max(checkpoints.soak, ...triggers.map(({ window }) => WINDOWS * window));
}
