import type { PlanObstacle } from '../../api/contract.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Plan } from '../../model/run/plan.ts';
import { isTerminal, type RunView } from '../../model/run/run.ts';
import { statesHeld } from '../../recovery/rollback/step/run-states.ts';
import type { Core } from '../core.ts';

/** Whether a run still waits for its end, or for a person who decides it. */
export function isOpen({ state, released }: RunView): boolean {
  return state === 'NEEDS_OPERATOR' ? released === undefined : !isTerminal(state);
}

/**
 * What a restore would meet that changes something, as the journals have it: what the daemon left
 * under way is ended first, and what needs a person keeps what it holds.
 */
export async function runsLeftOpen(
  { rollbacks }: Core,
  plan: Plan,
): Promise<Result<readonly PlanObstacle[]>> {
  const listed = await rollbacks.listWithUnread();
  if (!listed.ok) return listed;
  const held = new Set(statesHeld(plan.content));
  const open = listed.value.runs.filter(isOpen).flatMap((view): readonly PlanObstacle[] => {
    const { run, state } = view;
    const all = view.progress.map((one) => one.state);
    const shared = all.filter((one) => held.has(one));
    const head = `${run} is ${state} and holds ${all.join(', ')}`;
    const told = { run, states: all };
    if (state !== 'NEEDS_OPERATOR') return [{ ...told, text: `${head}: ${endedFirst(view)}` }];
    if (shared.length === 0) return [];
    const way = `start the daemon and see what is left of it: lastgood rollback status ${run}`;
    return [{ ...told, text: `${head}: restore is refused until a person decided; ${way}` }];
  });
  const unread = listed.value.unread.map((run): PlanObstacle => {
    return { run, states: [], text: `the journal of run ${run} cannot be read: see what it left` };
  });
  return ok([...open, ...unread]);
}

function endedFirst({ state }: RunView): string {
  if (state === 'COMMITTING') return 'restore ends it first, kept if it is as wanted';
  const isUntouched = state === 'PLANNED' || state === 'AWAITING_APPROVAL';
  if (isUntouched || state === 'PREPARING') return 'restore ends it first; it has changed nothing';
  return 'restore takes it back first, and makes this plan anew from there';
}
