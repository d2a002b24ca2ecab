import type { CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import { ok, type Result } from '../../base/result.ts';
import { readAutomaticOff } from '../../config/automatic-switch.ts';
import type { Incident } from '../../model/incident/incident.ts';
import type { Plan } from '../../model/run/plan.ts';
import { AUTOMATIC } from '../../model/access/principal.ts';
import type { AutomaticPolicy } from '../../recovery/automatic/policy.ts';
import type {
  FirstQuestion,
  History,
  Question,
  StateReadiness,
  Switches,
} from '../../recovery/automatic/question.ts';
import type { AutomaticCore } from './automatic-core.ts';

/** So many runs are looked at: more do not happen within the longest time that counts. */
const RUNS_LOOKED_AT = 200;

/** `rollback.automatic` as the decision knows it; undefined: it is false. */
export function policyOf({ config }: Pick<AutomaticCore, 'config'>): AutomaticPolicy | undefined {
  const { automatic } = config().rollback;
  if (automatic === false) return undefined;
  const { delay: delayMs, coolDown: coolDownMs, limit, windows, ...rest } = automatic;
  return {
    ...rest,
    delayMs,
    coolDownMs,
    limit: { runs: limit.runs, withinMs: limit.within },
    ...(windows === undefined ? {} : { windows }),
  };
}

/** What can be asked every second: it touches no target. */
export async function askFirst(
  core: AutomaticCore,
  incident: Incident,
  carriedOut: Plan | undefined,
): Promise<FirstQuestion> {
  const blamed = incident.diagnosis?.suspects[0]?.component;
  const components = carriedOut?.content.components ?? (blamed === undefined ? [] : [blamed]);
  return {
    incident,
    history: await historyOf(core),
    switches: switchesOf(core, components),
    now: core.clock.now(),
    uptime: { bootId: core.clock.bootId(), uptimeMs: core.clock.uptimeMs() },
    ...(carriedOut === undefined ? {} : { announced: carriedOut.id, plan: carriedOut }),
  };
}

/** Asks the targets and the checks of a plan, too. */
export async function askEverything(
  core: AutomaticCore,
  incident: Incident,
  plan: Plan,
  carriedOut: Plan | undefined,
): Promise<Result<Question>> {
  const checkpoint = core.checkpoints.catalogue.view(plan.content.target);
  if (!checkpoint.ok) return checkpoint;
  const [readiness, samples] = await Promise.all([
    readinessOf(core, plan),
    core.health.round(plan.content.checks),
  ]);
  // The first question is asked last, of the incident as it is then: a switch that is thrown and an
  // acknowledgement that comes while targets answer count.
  const story = core.incidents.get(incident.id);
  if (!story.ok) return story;
  const first = await askFirst(core, story.value.incident, carriedOut);
  const switches = switchesOf(core, plan.content.components);
  return ok({ ...first, switches, plan, checkpoint: checkpoint.value, readiness, samples });
}

/** The plan that takes the first suspect back to the checkpoint that is recommended. */
export async function planFor(
  { planner }: AutomaticCore,
  incident: Incident,
  target: CheckpointView,
): Promise<Result<Plan>> {
  const blamed = incident.diagnosis?.suspects[0]?.component;
  return planner.plan({
    target,
    choice: { why: `the diagnosis of ${incident.id} recommends it` },
    ...(blamed === undefined ? {} : { components: [blamed] }),
    incident,
    requestedBy: AUTOMATIC,
    reason: `by itself, for ${incident.id}`,
  });
}

/** All switches as they stand at this instant. */
export function switchesOf(core: AutomaticCore, components: readonly string[]): Switches {
  const policy = policyOf(core);
  const off = readAutomaticOff(core.folder.automaticOff);
  const hold = core.hold.on?.reason;
  const free = core.requireNotFrozen(components);
  return {
    ...(policy === undefined ? {} : { policy }),
    ...(off === undefined ? {} : { off }),
    ...(hold === undefined ? {} : { hold }),
    ...(free.ok ? {} : { frozen: free.error.detail }),
  };
}

async function historyOf({ incidents, rollbacks }: AutomaticCore): Promise<History> {
  const listed = await rollbacks.listWithUnread(RUNS_LOOKED_AT);
  const all = [...incidents.list()];
  // A run that cannot be read may be under way, or have failed just now.
  if (!listed.ok || listed.value.unread.length > 0) return { incidents: all, runs: undefined };
  const { runs } = listed.value;
  // Whatever still drives or needs somebody counts, however long ago it began.
  const known = new Set(runs.map(({ run }) => run));
  const active = rollbacks.active().filter(({ run }) => !known.has(run));
  return { incidents: all, runs: [...active, ...runs] };
}

/** Asks each target what it can do now, which is also whether it can be reached. */
function readinessOf(core: AutomaticCore, plan: Plan): Promise<readonly StateReadiness[]> {
  const states = [...new Set(plan.content.steps.map(({ state }) => state))];
  return Promise.all(
    states.map(async (id): Promise<StateReadiness> => {
      const state = core.inventory().state(id);
      if (!state.ok) return { state: id, problem: state.error.detail };
      const found = await core.client.capabilities(state.value);
      if (!found.ok) return { state: id, problem: found.error.detail };
      const { confirm, dataBearing, restorable, notRestorableBecause } = found.value;
      const problem = restorable ? undefined : (notRestorableBecause ?? 'it cannot be restored');
      return { state: id, confirm, dataBearing, ...(problem === undefined ? {} : { problem }) };
    }),
  );
}
