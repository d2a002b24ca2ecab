import { parseRfc3339 } from '../../base/time.ts';
import { counted } from '../../base/counted.ts';
import { disruptionRisks } from '../plan/name-risks.ts';
import { AUTOMATIC } from '../../model/access/principal.ts';
import type { Question, StateReadiness } from './question.ts';

/** What of the plan, its target, its hosts and its gate leaves it to a person. */
export function whyNotThisPlan(question: Question): readonly string[] {
  return [
    ...whyOtherPlan(question),
    ...whyTarget(question),
    ...whyOtherComponents(question),
    ...whyNotUndone(question),
    ...whyMoreIsLost(question),
    ...whyIrreversible(question),
    ...question.readiness.flatMap(whyNotReady),
    ...whyStatesMissing(question),
    ...whyGate(question),
  ];
}

function whyOtherPlan({ plan, incident, now, announced }: Question): readonly string[] {
  const expires = parseRfc3339(plan.expiresAt);
  return [
    ...(plan.incident === incident.id ? [] : ['the plan is not for this incident']),
    ...(plan.requestedBy === AUTOMATIC ? [] : [`${plan.requestedBy} asked for the plan`]),
    ...(announced === undefined || announced === plan.id ? [] : ['another plan was announced']),
    ...(expires !== undefined && now < expires ? [] : ['the plan is too old']),
  ];
}

function whyTarget({ plan, checkpoint, incident }: Question): readonly string[] {
  const { id, status } = checkpoint;
  const isRecommended = incident.diagnosis?.rollback.checkpoint === plan.content.target;
  return [
    ...(id === plan.content.target && isRecommended
      ? []
      : ['the plan goes to another checkpoint than the one recommended']),
    ...(status === 'good' || status === 'proven' ? [] : [`checkpoint ${id} is ${status}`]),
  ];
}

function whyOtherComponents({ plan, switches }: Question): readonly string[] {
  const allowed = switches.policy?.components ?? [];
  const touched = [...new Set(plan.content.steps.map(({ component }) => component))];
  return touched
    .filter((name) => !allowed.includes(name))
    .map((name) => `the plan also changes ${name}, not among rollback.automatic.components`);
}

/** The target must take back the very change that is suspected. */
function whyNotUndone({ plan, incident }: Question): readonly string[] {
  const [first] = incident.diagnosis?.suspects ?? [];
  const accused = new Set([
    ...(first?.resource === undefined ? [] : [first.resource]),
    ...(first?.reasons ?? []).flatMap(({ evidence }) => evidence),
  ]);
  const isUndone = plan.content.changes.some(
    ({ component, state, path }) =>
      component === first?.component && accused.has(`${state}:${path}`),
  );
  return isUndone ? [] : ['the plan does not take the suspected change back'];
}

/**
 * The suspected change is one version. What else came between the target and now was meant by
 * somebody: where no newer target was shown to be good, only a person can give that up.
 */
function whyMoreIsLost({ plan }: Question): readonly string[] {
  return (plan.content.losses ?? [])
    .filter(({ versions }) => versions > 1)
    .map(({ state, versions }) => `${state} goes back over ${versions} versions, not over one`);
}

/** Any risk but that something is reloaded or restarted: see recovery.md 4.3. */
function whyIrreversible({ plan: { content } }: Question): readonly string[] {
  const { changes, approval, risks, steps } = content;
  const stuck = changes.filter(({ reversible }) => reversible !== 'yes');
  const routine = new Set(disruptionRisks(steps));
  return [
    ...(stuck.length === 0 ? [] : [`${counted(stuck.length, 'item')} cannot be taken back whole`]),
    ...(approval === undefined ? [] : [`a second person is needed: ${approval}`]),
    ...risks.filter((risk) => !routine.has(risk)).map((risk) => `a risk for a person: ${risk}`),
  ];
}

function whyNotReady({ state, problem, confirm, dataBearing }: StateReadiness): readonly string[] {
  if (problem !== undefined) return [`${state}: ${problem}`];
  return [
    ...(confirm === 'native' || confirm === 'supervisor'
      ? []
      : [`${state}: no timer on its target would take it back if lastgood died`]),
    ...(dataBearing === false ? [] : [`${state} holds data`]),
  ];
}

function whyStatesMissing({ plan, readiness }: Question): readonly string[] {
  const asked = new Set(readiness.map(({ state }) => state));
  const states = [...new Set(plan.content.steps.map(({ state }) => state))];
  return states.filter((state) => !asked.has(state)).map((state) => `${state} was not asked`);
}

/** Without a goal nothing tells that it healed, without a guard nothing that it harmed. */
function whyGate({ plan, samples }: Question): readonly string[] {
  const { checks } = plan.content;
  const of = (role: 'goal' | 'guard') => checks.filter((check) => check.role === role);
  const seen = new Map(samples.map((sample) => [sample.check, sample]));
  const dark = checks.filter(({ check }) => (seen.get(check)?.color ?? 'unknown') === 'unknown');
  const isRed = ({ check }: { readonly check: string }): boolean =>
    seen.get(check)?.color === 'red';
  return [
    ...(of('goal').length > 0 ? [] : ['the gate has no goal: nothing would tell that it healed']),
    ...(of('guard').length > 0 ? [] : ['the gate has no guard: nothing would tell that it harmed']),
    ...dark.map(
      ({ check }) => `the gate cannot judge ${check}: ${seen.get(check)?.seen ?? 'no answer'}`,
    ),
    ...of('guard')
      .filter(isRed)
      .map(({ check }) => `guard ${check} is red already: it would not tell that it harmed`),
    ...(of('goal').some(isRed) ? [] : ['no goal of the gate is red: there is nothing to heal']),
  ];
}
