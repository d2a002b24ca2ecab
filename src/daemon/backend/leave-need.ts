import { err, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Principal } from '../../model/access/principal.ts';
import { componentsOf, type RunView } from '../../model/run/run.ts';
import type { Core } from '../core.ts';

/**
 * Ends NEEDS_OPERATOR as a person chose. The way on to the target is a plan from what is there now:
 * the old one speaks of a world that is no more, and its P would not be what a new undo goes to.
 */
export async function leaveNeed(
  { rollbacks, checkpoints, planner, plans, incidents }: Core,
  { id }: Principal,
  view: RunView,
  choice: 'target' | 'before' | 'accept',
): Promise<Result<void>> {
  const { run, state, target } = view;
  if (view.released !== undefined) {
    return err(lgError('LG_ROLLBACK_DECIDED', `${run} was left as it is: ${view.released}`));
  }
  if (choice === 'before') return rollbacks.resume(run, id);
  if (choice === 'accept') return rollbacks.release(run, id, 'accepted as it is');
  if (state !== 'NEEDS_OPERATOR') return rollbacks.release(run, id, 'to be finished');
  const wanted = checkpoints.catalogue.view(target);
  if (!wanted.ok) return wanted;
  const story = view.incident === undefined ? undefined : incidents.get(view.incident);
  const plan = await planner.plan({
    target: wanted.value,
    components: componentsOf(view),
    incident: story?.ok === true ? story.value.incident : undefined,
    requestedBy: id,
    reason: `finish ${run}`,
  });
  if (!plan.ok) return plan;
  const kept = await plans.put(plan.value);
  if (!kept.ok) return kept;
  const way = `lastgood rollback apply ${plan.value.id}`;
  return rollbacks.release(run, id, `to be finished to ${target} from here: ${way}`);
}
