import type { Incident } from '../../model/incident/incident.ts';
import { whyNotInHistory } from './history.ts';
import { isAllowedAt } from './allowed-window.ts';
import { whyNotThisPlan } from './this-plan.ts';
import type { FirstQuestion, Question } from './question.ts';

/** Every reason why a rollback is only recommended, one sentence each; or that it may begin. */
export type Permission = 'yes' | readonly string[];

/**
 * Whether a rollback may begin without anybody asking for it (recovery.md 3, automatic runs). Pure.
 * Whatever is not known counts against it.
 */
export function mayRunByItself(question: Question): Permission {
  const reasons = [...whyNotNow(question), ...whyNotThisPlan(question)];
  return reasons.length === 0 ? 'yes' : reasons;
}

/** The reasons that need no plan: cheap enough to be asked every second. */
export function whyNotNow(question: FirstQuestion): readonly string[] {
  return [
    ...whySwitchedOff(question),
    ...whyNotThisIncident(question),
    ...whyNotInHistory(question),
  ];
}

function whySwitchedOff({ switches, now }: FirstQuestion): readonly string[] {
  const { policy, off, hold, frozen } = switches;
  return [
    ...(policy === undefined ? ['rollback.automatic is false'] : []),
    ...(off === undefined ? [] : [`rollbacks by itself are switched off: ${off}`]),
    ...(hold === undefined ? [] : [`writing is on hold: ${hold}`]),
    ...(frozen === undefined ? [] : [`it is frozen: ${frozen}`]),
    ...(isAllowedAt(policy?.windows, now) ? [] : ['no window of rollback.automatic is open now']),
  ];
}

/** Why an incident, as it stands, is nobody's any more or somebody's already. */
export function whyNotOpen({ acknowledgedBy, state, firing }: Incident): readonly string[] {
  const isOver = state !== 'open' && acknowledgedBy === undefined;
  return [
    ...(acknowledgedBy === undefined ? [] : [`${acknowledgedBy} looks after the incident`]),
    ...(isOver ? [`the incident is ${state}`] : []),
    ...(firing.length === 0 ? ['no trigger of the incident fires any more'] : []),
  ];
}

function whyNotThisIncident({ incident, switches }: FirstQuestion): readonly string[] {
  const { diagnosis } = incident;
  const components = switches.policy?.components ?? [];
  const common = whyNotOpen(incident);
  if (diagnosis === undefined) return [...common, 'the incident was not diagnosed yet'];
  const { suspects, rollback } = diagnosis;
  const [first] = suspects;
  if (rollback.helps !== 'yes' || rollback.checkpoint === undefined || first === undefined) {
    return [...common, `no rollback is recommended: ${rollback.why}`];
  }
  const confidence = switches.policy?.confidence ?? 1;
  const isSure = first.verdict === 'LIKELY' || first.verdict === 'PROVEN';
  return [
    ...common,
    ...(first.kind === 'change' ? [] : [`the first suspect, ${first.component}, did not change`]),
    ...(isSure ? [] : [`that ${first.component} is to blame is only ${first.verdict}`]),
    ...(first.score >= confidence
      ? []
      : [`${first.component} is suspected with ${first.score}, less than ${confidence}`]),
    ...(components.includes(first.component)
      ? []
      : [`${first.component} is not among rollback.automatic.components`]),
  ];
}
