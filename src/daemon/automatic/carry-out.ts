import { AUTOMATIC } from '../../model/access/principal.ts';
import type { Incident } from '../../model/incident/incident.ts';
import type { Plan } from '../../model/run/plan.ts';
import { mayRunByItself } from '../../recovery/automatic/may-run-by-itself.ts';
import type { AttemptLog } from './attempt-log.ts';
import type { AutomaticCore } from './automatic-core.ts';
import { askEverything, switchesOf } from './ask-everything.ts';

/**
 * Begins what was announced, once everything was asked anew. That it begins is durable before the
 * run is: whatever happens, there is no second one. Whatever speaks against it calls it off.
 */
export async function carryOut(
  core: AutomaticCore,
  attempts: AttemptLog,
  incident: Incident,
  plan: Plan,
): Promise<void> {
  const { id } = incident;
  const question = await askEverything(core, incident, plan, plan);
  if (!question.ok) return attempts.callOff(id, question.error.detail);
  const answer = mayRunByItself(question.value);
  if (answer !== 'yes') return attempts.callOff(id, answer.join('; '));
  const why = (await attempts.begin(id, plan)) ?? whySwitchedOff(core, plan);
  if (why !== undefined) return attempts.callOff(id, why);
  const started = await core.rollbacks.startRun(plan, { by: AUTOMATIC });
  if (!started.ok) {
    const { code, detail } = started.error;
    await attempts.record('plan.apply', plan.id, 'refused', `${code}: ${detail}`);
    return attempts.callOff(id, detail);
  }
  // Its token is given to nobody: whoever may confirm needs none, see recovery.md 3.
  const { run } = started.value;
  attempts.tell(id, {
    urgency: 'critical',
    id: `${run}-by-itself`,
    title: `Rollback ${run} began by itself`,
    text: `For ${id}, by ${plan.id}. Back: lastgood rollback cancel ${run}`,
  });
  await attempts.record('plan.apply', plan.id, 'done', `started ${run} of ${plan.planHash}`);
}

/** A switch that was thrown while it was written down that it begins. */
function whySwitchedOff(core: AutomaticCore, plan: Plan): string | undefined {
  const { policy, off, hold, frozen } = switchesOf(core, plan.content.components);
  return off ?? hold ?? frozen ?? (policy === undefined ? 'it was switched off' : undefined);
}
