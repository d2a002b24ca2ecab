import type { Result } from '../../base/result.ts';
import type { RunView } from '../../model/run/run.ts';
import { instantOf, type Clock } from '../../ports/clock.ts';
import { endByThisClock } from './end-by-this-clock.ts';
import { viewRun } from './run-view.ts';
import type { RunRecord } from './step/record.ts';

/** Runs, newest first, and the ids of those whose journal cannot be read. */
export interface ListedRuns {
  readonly runs: readonly RunView[];
  readonly unread: readonly string[];
}

/** How far back a list goes: so many runs, and all from an id on even where these are more. */
export interface ListReach {
  readonly limit: number;
  readonly from?: string | undefined;
}

/** Lists runs by their ids, which come oldest first; `recordOf` reads one. */
export async function listRuns(
  ids: readonly string[],
  recordOf: (run: string) => Promise<Result<RunRecord>>,
  { limit, from }: ListReach,
  clock: Clock,
): Promise<ListedRuns> {
  const runs: RunView[] = [];
  const unread: string[] = [];
  const now = instantOf(clock);
  for (const [at, run] of ids.toReversed().entries()) {
    if (at >= limit && (from === undefined || run < from)) break;
    const record = await recordOf(run);
    if (record.ok) runs.push(endByThisClock(viewRun(record.value), record.value, now));
    else unread.push(run);
  }
  return { runs, unread };
}
