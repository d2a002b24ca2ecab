import { ok, type Result } from '../../base/result.ts';
import type { Change } from '../../model/checkpoint/change.ts';
import type { RunView } from '../../model/run/run.ts';
import type { Core } from '../core.ts';

/**
 * What somebody else wrote where a run stopped, read now: it is neither as before the run nor as
 * its target, so no way back is taken over it. [] where nothing of that kind is seen, and of a run
 * that needs nobody.
 */
export async function foreignItems(
  { checkpoints }: Pick<Core, 'checkpoints'>,
  run: RunView,
): Promise<Result<readonly Change[]>> {
  const stopped = run.progress.filter(({ at }) => at === 'foreign');
  const isOpen = run.state === 'NEEDS_OPERATOR' && run.released === undefined;
  if (!isOpen || run.before === undefined || stopped.length === 0) return ok([]);
  const [before, target] = [run.before, run.target].map((id) => checkpoints.catalogue.view(id));
  if (before?.ok !== true) return before ?? ok([]);
  if (target?.ok !== true) return target ?? ok([]);
  const components = [...new Set(stopped.map(({ component }) => component))];
  const [fromBefore, fromTarget] = await Promise.all([
    checkpoints.compare(before.value, 'now', components),
    checkpoints.compare(target.value, 'now', components),
  ]);
  const states = new Set(stopped.map(({ state }) => state));
  const alsoNotTarget = new Set(fromTarget.changes.map(nameOf));
  return ok(
    fromBefore.changes.filter((one) => states.has(one.state) && alsoNotTarget.has(nameOf(one))),
  );
}

function nameOf({ state, path }: Change): string {
  return JSON.stringify([state, path]);
}
