import type { PlanObstacle } from '../../api/contract.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Plan } from '../../model/run/plan.ts';
import { heldWords, type RunView } from '../../model/run/run.ts';
import { statesHeld } from '../../recovery/rollback/step/run-states.ts';
import type { Core } from '../core.ts';

/** Runs that hold what a plan touches: while they do, its apply is refused. */
export function runsInTheWay(
  { rollbacks }: Pick<Core, 'rollbacks'>,
  { content }: Plan,
): readonly PlanObstacle[] {
  const holders = Map.groupBy(statesHeld(content), (state) => rollbacks.holderOf(state));
  return [...holders].flatMap(([run, states]): readonly PlanObstacle[] => {
    if (run === undefined) return [];
    const view = rollbacks.active().find((one) => one.run === run);
    // It ended between the two questions.
    if (view === undefined) return [];
    const what = view.unread?.holdsAll === true ? heldWords(view) : states.join(', ');
    const text = `${run} is ${view.state} and holds ${what}: ${wayOut(view)}`;
    return [{ run, states, text }];
  });
}

/** What a run waits for differs; its status names every command that may end it. */
function wayOut({ run }: RunView): string {
  return `apply is refused until it has ended; how it can: lastgood rollback status ${run}`;
}

/**
 * What the targets would not take now, asked as a run asks before it changes anything: content
 * that a privileged host runner did not capture itself, above all.
 */
export async function refusedByTargets(
  { client, inventory }: Pick<Core, 'client' | 'inventory'>,
  { content }: Plan,
): Promise<readonly PlanObstacle[]> {
  const settings = (content.settings ?? []).flatMap((one) => one.state);
  const wanted = new Map(content.steps.map(({ state, desired }) => [state, desired]));
  const asked = [...wanted].map(async ([id, desired]): Promise<readonly PlanObstacle[]> => {
    const known = settings.find((one) => one.id === id);
    const state = known === undefined ? inventory().state(id) : ok(known);
    const findings = state.ok ? await client.validate(state.value, desired) : state;
    // Who does not answer now may do so when it is applied.
    if (!findings.ok) return [];
    return findings.value.map((finding) => ({
      states: [id],
      text: `${id} would be refused, and apply would end with nothing changed: ${finding}`,
    }));
  });
  return (await Promise.all(asked)).flat();
}

type Refused = Extract<Result<never>, { ok: false }>;

/** That nothing differs from a checkpoint is no good news while a run may still be taken back. */
export function emptyBesideRun(
  { rollbacks }: Pick<Core, 'rollbacks'>,
  { id, manifest }: Pick<CheckpointView, 'id' | 'manifest'>,
  refused: Refused,
): Refused {
  if (refused.error.code !== 'LG_ROLLBACK_PLAN_EMPTY') return refused;
  const run = manifest.captures
    .map(({ state }) => rollbacks.holderOf(state))
    .find((holder) => holder !== undefined);
  const view = rollbacks.active().find((one) => one.run === run);
  if (view === undefined) return refused;
  const detail = `nothing differs from ${id} now, but ${view.run} is ${view.state} and not over`;
  return err(lgError('LG_ROLLBACK_RUN_ACTIVE', detail));
}
