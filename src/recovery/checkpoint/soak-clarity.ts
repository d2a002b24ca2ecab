import { addMs, parseRfc3339, toUnixMs, type TimeNs } from '../../base/time.ts';
import type { CheckpointFact } from '../../model/checkpoint/checkpoint.ts';

/** How much of a soak may be unclear: one check that timed out once is not held against weeks. */
const UNCLEAR_SHARE_MAX = 1 / 10;

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

/**
 * For how many milliseconds since it was taken a checkpoint's health was not seen to be well, as
 * its facts say; `until`: counted to then, else to the last fact. Pure.
 */
export function unclearMs(facts: readonly CheckpointFact[], until?: TimeNs): number {
  let sum = 0;
  let since: TimeNs | undefined;
  for (const fact of facts) {
    if (fact.kind !== 'sealed' && fact.kind !== 'soak-sample') continue;
    const at = parseRfc3339(fact.kind === 'sealed' ? fact.manifest.takenAt : fact.at);
    const verdict = fact.kind === 'sealed' ? fact.manifest.verdict : fact.verdict;
    if (at === undefined) continue;
    if (since !== undefined) sum += Math.max(0, toUnixMs(at) - toUnixMs(since));
    since = verdict === 'healthy' ? undefined : at;
  }
  const open = since === undefined || until === undefined ? 0 : toUnixMs(until) - toUnixMs(since);
  return sum + Math.max(0, open);
}

/**
 * The soonest that a soak that was unclear for so long has been seen to be well for long enough: it
 * ends no sooner, and later where its end was unclear. Pure.
 */
export function wellTime(takenAt: TimeNs, soakMs: number, unclear: number): TimeNs {
  return addMs(takenAt, Math.max(soakMs, soakMs * (1 - UNCLEAR_SHARE_MAX) + unclear));
}
