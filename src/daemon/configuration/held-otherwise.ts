import type { Problem } from '../../api/contract.ts';
import { sameOrLess } from '../../model/checkpoint/capture-scope.ts';
import type { Core } from '../core.ts';

/**
 * What runs that are not over hold, and the configuration does not name any more or names
 * otherwise: they go on by their own settings, which whoever changed the file may not expect.
 */
export function heldOtherwise({
  rollbacks,
  inventory,
}: Pick<Core, 'rollbacks' | 'inventory'>): readonly Problem[] {
  const known = inventory();
  return rollbacks.plansUnderWay().flatMap(({ run, state, plan }): readonly Problem[] => {
    const kept = (plan.content.settings ?? []).flatMap((component) => component.state);
    const found = kept.flatMap((one) => {
      const today = known.state(one.id);
      if (!today.ok) return [`${one.id} is not in the configuration any more`];
      const { scope } = known.provider(today.value);
      return sameOrLess(one, today.value, scope) ? [] : [`${one.id} is configured otherwise`];
    });
    if (found.length === 0) return [];
    const what = `${found.join(', ')} while ${run} holds it (${state})`;
    const mend = `the run goes on by the settings it began with; lastgood rollback status ${run}`;
    return [{ what, mend }];
  });
}
