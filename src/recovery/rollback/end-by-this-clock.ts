import { fromUnixMs, parseRfc3339, toRfc3339, toUnixMs } from '../../base/time.ts';
import type { Instant } from '../../model/run/instant.ts';
import type { RunView } from '../../model/run/run.ts';
import type { RunRecord } from './step/record.ts';

/** What slewing may do to a clock in the time that anybody asks about; more was set. */
const DRIFT_MS_MAX = 5_000;

/**
 * A run with its end as the wall clock of now would have called it. Whoever sets that clock must
 * not end a cool-down early: what ended since this boot is as old as the clock that nobody sets
 * says.
 */
export function endByThisClock(view: RunView, { deadline }: RunRecord, now: Instant): RunView {
  const ended = parseRfc3339(view.endedAt ?? '');
  if (ended === undefined || deadline === undefined) return view;
  const { set, afterMs } = deadline;
  const uptimeMs = now.uptimeMs - set.uptimeMs;
  if (set.bootId !== now.bootId || uptimeMs < 0) return view;
  const setByMs = now.wallMs - set.wallMs - uptimeMs;
  if (Math.abs(setByMs) <= DRIFT_MS_MAX) return view;
  // Where the clock was set while the run went on, nobody knows how long that took.
  const tookMs = Math.min(Math.max(0, toUnixMs(ended) - set.wallMs), afterMs);
  const ageMs = Math.max(0, uptimeMs - tookMs);
  return { ...view, endedAt: toRfc3339(fromUnixMs(now.wallMs - ageMs)) };
}
