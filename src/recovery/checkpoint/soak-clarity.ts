import { addMs, parseRfc3339, toUnixMs, type TimeNs } from '../../base/time.ts';
import type { CheckpointFact } from '../../model/checkpoint/checkpoint.ts';

/** How much of a soak may be unclear: one check that timed out once is not held against weeks. */
const UNCLEAR_SHARE_MAX = 1 / 10;

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
