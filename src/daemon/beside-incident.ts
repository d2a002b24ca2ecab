import { parseRfc3339 } from '../base/time.ts';
import type { BesideRun } from '../model/incident/beside-run.ts';
import type { Incident } from '../model/incident/incident.ts';
import { componentsOf, type RunState, type RunView } from '../model/run/run.ts';
import type { Core } from './core.ts';

type Concerned = Pick<Incident, 'components'>;

/** States of a run in which what is seen of its components may be its own doing. */
const CHANGING: ReadonlySet<RunState> = new Set<RunState>([
  'APPLYING',
  'VERIFYING',
  'AWAITING_CONFIRM',
  'COMMITTING',
  'REVERTING',
]);

/** The run that changes what an incident is about, or what that stands on, now; else undefined. */
export function runUnderWay(
  { rollbacks, inventory }: Pick<Core, 'rollbacks' | 'inventory'>,
  { components }: Concerned,
): RunView | undefined {
  const active = rollbacks.active().filter(({ state }) => CHANGING.has(state));
  return active.find((run) => isBeneath(inventory(), run, { components }));
}

/** Whether a run changes what an incident is about, or what that stands on. */
function isBeneath(
  inventory: Pick<ReturnType<Core['inventory']>, 'withDependents'>,
  run: RunView,
  { components }: Concerned,
): boolean {
  return inventory.withDependents(componentsOf(run)).some((name) => components.includes(name));
}

/** Why nothing is recommended beside such a run. */
export function whyHeld(run: RunView): string {
  const what = run.undoOf === undefined ? run.run : `${run.run}, the undo of ${run.undoOf},`;
  const on = componentsOf(run).join(', ');
  const back = run.state === 'AWAITING_CONFIRM' ? '; rollback cancel takes it back' : '';
  return (
    `${what} is under way on ${on} (${run.state}): what is otherwise there may be its own doing, ` +
    `so causes are sought and advice is given again once it has ended${back}`
  );
}

/** Runs change a component some times a day; older ones are in `rollback list`. */
const RUNS_MAX = 50;

/** Runs that changed what an incident is about while it lasted, newest first, begun for others. */
export async function runsBeside(
  { rollbacks, inventory }: Pick<Core, 'rollbacks' | 'inventory'>,
  incident: Incident,
): Promise<readonly BesideRun[]> {
  const listed = await rollbacks.list(RUNS_MAX);
  if (!listed.ok) return [];
  const [from, to] = [parseRfc3339(incident.firstBadAt), parseRfc3339(incident.closedAt ?? '')];
  return listed.value.flatMap((view) => {
    const [began, ended] = [parseRfc3339(view.startedAt), parseRfc3339(view.endedAt ?? '')];
    if (began === undefined || from === undefined) return [];
    if ((ended !== undefined && ended < from) || (to !== undefined && began > to)) return [];
    if (view.incident === incident.id || incident.runs.includes(view.run)) return [];
    if (!isBeneath(inventory(), view, incident)) return [];
    const { run, state, startedAt, requestedBy } = view;
    return [{ run, state, startedAt, requestedBy, components: componentsOf(view) }];
  });
}
