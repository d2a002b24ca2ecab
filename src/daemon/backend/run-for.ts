import { requireComponents, requireEveryComponent } from '../../api/access/permission.ts';
import type { Result } from '../../base/result.ts';
import type { Principal } from '../../model/access/principal.ts';
import { componentsOf, type RunView } from '../../model/run/run.ts';
import type { Core } from '../core.ts';

/**
 * Looks a run up for somebody who may do this to all of its components. Where nobody can tell
 * which they are, only whoever may do it everywhere can.
 */
export async function runFor(
  { rollbacks }: Pick<Core, 'rollbacks'>,
  principal: Principal,
  what: 'approve' | 'confirm' | 'cancel' | 'apply',
  run: string,
): Promise<Result<RunView>> {
  const view = await rollbacks.view(run);
  if (!view.ok) return view;
  const scope =
    view.value.unread?.holdsAll === true
      ? requireEveryComponent(principal, what)
      : requireComponents(principal, what, componentsOf(view.value));
  return scope.ok ? view : scope;
}
