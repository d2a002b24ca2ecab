import { ok } from '../base/result.ts';
import { toRfc3339 } from '../base/time.ts';
import { judgeByRun } from '../evidence/diagnose/judge-by-run.ts';
import type { CheckpointFact } from '../model/checkpoint/checkpoint.ts';
import { componentsOf, isTerminal, type RunView } from '../model/run/run.ts';
import { endRun, startRun } from '../recovery/incident/change-state.ts';
import { openAccusations } from '../recovery/checkpoint/checkpoint-status.ts';
import type { Core } from './core.ts';

/** What of the core hears of runs. */
interface HeardCore {
  readonly clock: Pick<Core['clock'], 'now'>;
  readonly incidents: Pick<Core['incidents'], 'open' | 'get' | 'change'>;
  readonly rollbacks: Pick<Core['rollbacks'], 'list' | 'view'>;
  readonly checkpoints: {
    readonly catalogue: Pick<Core['checkpoints']['catalogue'], 'facts' | 'add' | 'list'>;
    readonly fingerprints: Core['checkpoints']['fingerprints'];
  };
}

/**
 * Tells the run's incident what became of it and, at its end, the checkpoint it went back to and
 * the suspects it put to the test. Telling the same again changes nothing.
 */
export async function tellOfRun(core: HeardCore, view: RunView): Promise<void> {
  const { incident, run, state } = view;
  if (incident !== undefined) {
    await core.incidents.change(incident, (story, at) =>
      isTerminal(state)
        ? ok(endRun(story, { run, state: endOf(view), healed: view.healed === true }, at))
        : startRun(story, run, at),
    );
  }
  if (isTerminal(state)) await conclude(core, view);
}

/** How a run ended for its incident: one that a person left as it is mitigates nothing any more. */
function endOf({ state, released }: Pick<RunView, 'state' | 'released'>): string {
  return released === undefined ? state : 'ACCEPTED';
}

/** A daemon that was killed had begun no more than these shortly before. */
const RUNS_UNHEARD_MAX = 20;

/**
 * Tells of runs that ended while nobody was there to tell: before a crash, as they were taken over,
 * or without a daemon. Of one that was killed right after it had begun a run, the incident does not
 * know that there is one. People are told of each whose incident had not heard of its end.
 */
export async function tellOfEndedRuns(
  core: HeardCore,
  tellPeople: (view: RunView) => void,
): Promise<void> {
  const open = new Map(core.incidents.open().map((incident) => [incident.id, incident]));
  const recent = await core.rollbacks.list(RUNS_UNHEARD_MAX);
  const unheard = recent.ok ? recent.value.filter(({ incident = '' }) => open.has(incident)) : [];
  // Killed between the end of a run and this, also of one that was for no incident.
  // Oldest first: what a later run showed outweighs an earlier one.
  for (const view of recent.ok ? recent.value.toReversed() : []) {
    const { incident = '', state } = view;
    if (isTerminal(state) && !open.has(incident)) await conclude(core, view);
  }
  const known = [...open.values()].flatMap(({ runs }) => runs);
  for (const run of new Set([...known, ...unheard.map((view) => view.run)])) {
    const view = await core.rollbacks.view(run);
    if (!view.ok || !isTerminal(view.value.state)) continue;
    if (!hasHeard(core, view.value)) tellPeople(view.value);
    await tellOfRun(core, view.value);
  }
}

function hasHeard({ incidents }: HeardCore, view: RunView): boolean {
  const { run, incident } = view;
  const story = incident === undefined ? undefined : incidents.get(incident);
  if (story === undefined || !story.ok) return false;
  return story.value.runs.some((one) => one.run === run && one.ended?.state === endOf(view));
}

async function conclude(core: HeardCore, view: RunView): Promise<void> {
  await tellOfHarm(core, view);
  const { run, state, target, healed, incident } = view;
  const wasTried = state === 'COMMITTED' || (state === 'REVERTED' && healed === false);
  if (!wasTried || healed === undefined) return;
  const { catalogue } = core.checkpoints;
  if (catalogue.facts(target).some((fact) => fact.kind === 'restored' && fact.run === run)) return;
  const at = toRfc3339(core.clock.now());
  const ended = view.report === undefined ? await core.rollbacks.view(run) : ok(view);
  const states = await statesAsWanted(core, target, ended.ok ? ended.value.report : undefined);
  await catalogue.add(target, [{ kind: 'restored', at, run, healed, states }]);
  if (!healed && incident !== undefined) await clearAccusations(core, incident, at);
  const story = incident === undefined ? undefined : core.incidents.get(incident);
  const diagnosis = story?.ok === true ? story.value.incident.diagnosis : undefined;
  if (incident === undefined || diagnosis === undefined) return;
  const components = componentsOf(view);
  const judged = judgeByRun(diagnosis, { run, checkpoint: target, components, healed });
  await core.incidents.change(incident, () => ok({ kind: 'diagnosed', at, diagnosis: judged }));
}

/** What became of a run that harmed and whose way back did not end: its end tells of that. */
const HARMED = 'something that was healthy before was not any more';

/**
 * A target at which the gate saw something turn red that was green before is a bad candidate,
 * however the way back ended. Nothing is said of one that a person canceled, that nobody confirmed,
 * that somebody else changed or whose provider failed: no check judged the target then. Nor of one
 * that a person kept, or wanted to keep, beside the red guard: that was weighed by somebody.
 */
async function tellOfHarm({ checkpoints, clock }: HeardCore, view: RunView): Promise<void> {
  const { run, state, target, decision, harmed, why = HARMED } = view;
  if (harmed !== true || decision !== 'CANCEL') return;
  const { catalogue } = checkpoints;
  const isTold = (fact: CheckpointFact): boolean =>
    fact.kind === 'bad-candidate' && fact.run === run;
  if (catalogue.facts(target).some(isTold)) return;
  const at = toRfc3339(clock.now());
  const seen = state === 'REVERTED' ? why : HARMED;
  await catalogue.add(target, [{ kind: 'bad-candidate', at, run, why: seen }]);
}

/**
 * The states that are altogether as the target has them at the end of the run, sorted. What it
 * changed was read again before it ended; what was equal before was not, and somebody may have
 * changed it since: that is read now.
 */
async function statesAsWanted(
  { checkpoints }: HeardCore,
  target: RunView['target'],
  report: RunView['report'],
): Promise<readonly string[]> {
  if (report === undefined) return [];
  const { changed, skipped, failed } = report;
  const others = new Set([...skipped, ...failed].map(({ state }) => state));
  const reached = new Set(changed.map(({ state }) => state));
  const equal = report.equal.map(({ state }) => state).filter((state) => !reached.has(state));
  const now = equal.length === 0 ? {} : await checkpoints.fingerprints(equal);
  const sealed = checkpoints.catalogue.facts(target).find((fact) => fact.kind === 'sealed');
  for (const { state, fingerprint } of sealed?.manifest.captures ?? []) {
    if (equal.includes(state) && now[state] === fingerprint) reached.add(state);
  }
  return [...reached].filter((state) => !others.has(state)).toSorted();
}

/** The trouble outlived what was accused of it: that state is not known to be guilty. */
async function clearAccusations(
  { checkpoints }: HeardCore,
  incident: string,
  at: string,
): Promise<void> {
  const { catalogue } = checkpoints;
  for (const { id } of catalogue.list()) {
    const accused = openAccusations(catalogue.facts(id)).some((fact) => fact.incident === incident);
    if (accused) await catalogue.add(id, [{ kind: 'incident-cleared', at, incident }]);
  }
}
