import { ok } from '../base/result.ts';
import { toRfc3339 } from '../base/time.ts';
import { judgeByRun } from '../evidence/diagnose/judge-by-run.ts';
import { isTerminal, type RunView } from '../model/run/run.ts';
import { endRun, startRun } from '../recovery/incident/change-state.ts';
import { openAccusations } from '../recovery/checkpoint/checkpoint-status.ts';
import type { Core } from './core.ts';

/**
 * Tells the run's incident what became of it and, at its end, the checkpoint it went back to and
 * the suspects it put to the test. Telling the same again changes nothing.
 */
export async function tellOfRun(core: Core, view: RunView): Promise<void> {
  const { incident, run, state } = view;
  if (incident !== undefined) {
    await core.incidents.change(incident, (story, at) =>
      isTerminal(state)
        ? ok(endRun(story, { run, state, healed: view.healed === true }, at))
        : startRun(story, run, at),
    );
  }
  if (isTerminal(state)) await conclude(core, view);
}

/** Tells of runs that ended while nobody was there to tell: before a crash, or without a daemon. */
export async function tellOfEndedRuns(core: Core): Promise<void> {
  for (const run of core.incidents.open().flatMap(({ runs }) => runs)) {
    const view = await core.rollbacks.view(run);
    if (view.ok && isTerminal(view.value.state)) await tellOfRun(core, view.value);
  }
}

async function conclude(core: Core, view: RunView): Promise<void> {
  const { run, state, target, healed, incident } = view;
  const wasTried = state === 'COMMITTED' || (state === 'REVERTED' && healed === false);
  if (!wasTried || healed === undefined) return;
  const { catalogue } = core.checkpoints;
  if (catalogue.facts(target).some((fact) => fact.kind === 'restored' && fact.run === run)) return;
  const at = toRfc3339(core.clock.now());
  await catalogue.add(target, [{ kind: 'restored', at, run, healed }]);
  if (!healed && incident !== undefined) await clearAccusations(core, incident, at);
  const story = incident === undefined ? undefined : core.incidents.get(incident);
  const diagnosis = story?.ok === true ? story.value.incident.diagnosis : undefined;
  if (incident === undefined || diagnosis === undefined) return;
  const components = [...new Set(view.progress.map(({ component }) => component))];
  const judged = judgeByRun(diagnosis, { run, checkpoint: target, components, healed });
  await core.incidents.change(incident, () => ok({ kind: 'diagnosed', at, diagnosis: judged }));
}

/** The trouble outlived what was accused of it: that state is not known to be guilty. */
async function clearAccusations(
  { checkpoints }: Core,
  incident: string,
  at: string,
): Promise<void> {
  const { catalogue } = checkpoints;
  for (const { id } of catalogue.list()) {
    const accused = openAccusations(catalogue.facts(id)).some((fact) => fact.incident === incident);
    if (accused) await catalogue.add(id, [{ kind: 'incident-cleared', at, incident }]);
  }
}
