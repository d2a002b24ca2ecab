import { sortableId } from '../../base/id.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { parseRfc3339, toUnixMs } from '../../base/time.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { ListedRuns } from './list-runs.ts';

/** Where a clock was set back since the plan was made, its runs have lesser ids: these are read. */
const RUNS_BEFORE_PLAN_MAX = 50;

/**
 * Refuses a plan to which the second person did not agree, and one of which that is not known: a
 * run that was begun since the plan was made and cannot be read may be the one that was rejected.
 */
export async function requireNotRejected(
  plan: Plan,
  list: (limit: number, from: string) => Promise<Result<ListedRuns>>,
): Promise<Result<void>> {
  // Nobody was asked for a word about a plan that needs none.
  if (plan.content.approval === undefined) return ok(undefined);
  const first = firstRunOf(plan);
  const recent = await list(RUNS_BEFORE_PLAN_MAX, first);
  if (!recent.ok) return recent;
  const { runs, unread } = recent.value;
  const rejected = runs.find((one) => one.plan === plan.id && one.code === 'LG_ROLLBACK_REJECTED');
  if (rejected !== undefined) {
    const detail = `plan ${plan.id} was rejected in ${rejected.run}: ${rejected.why ?? ''}`;
    return err(lgError('LG_ROLLBACK_REJECTED', detail));
  }
  const [dark] = unread.filter((run) => run >= first);
  if (dark === undefined) return ok(undefined);
  const detail = `the journal of run ${dark} cannot be read, and it may have rejected ${plan.id}`;
  return err(lgError('LG_ROLLBACK_REJECTION_UNKNOWN', detail));
}

/** Ids sort by time: no run of the plan has a lesser one. */
function firstRunOf({ createdAt }: Plan): string {
  const made = parseRfc3339(createdAt);
  return sortableId(
    'run',
    made === undefined ? 0 : toUnixMs(made),
    (length) => new Uint8Array(length),
  );
}
