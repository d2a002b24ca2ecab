import { counted } from '../../base/counted.ts';
import { assertUnreachable } from '../../base/assert.ts';
import { toSecond } from '../../base/time.ts';
import { DISRUPTIONS, type Change } from '../../model/checkpoint/change.ts';
import type { PlanStep } from '../../model/run/plan.ts';
import type { PlanInput, PlanState } from './plan-input.ts';
import { effectsText } from './outside-effects.ts';
import { groupRisks } from './travel-together.ts';
import { privilegeRisks } from './privilege-risks.ts';
import { whyLeft } from './why-left.ts';

/** What can go wrong or be lost, one sentence each, the gravest first. */
export function nameRisks(
  input: PlanInput,
  touched: readonly PlanState[],
  changes: readonly Change[],
  steps: readonly PlanStep[],
  circular: readonly string[],
): readonly string[] {
  return [
    ...changes.flatMap(lossRisk),
    ...touched.filter(({ capabilities }) => capabilities.dataBearing).map(dataRisk),
    ...touched.flatMap(privilegeRisks),
    ...touched.flatMap(driftRisk),
    ...touched.flatMap(uncoveredRisk),
    ...targetRisk(input),
    ...levelRisk(input, touched),
    ...disruptionRisks(steps),
    ...input.states.flatMap(leftRisk),
    ...input.left.map(({ state, why }) => `${state} stays as it is: ${why}.`),
    ...groupRisks(input),
    ...touched.flatMap(({ state, writers }) =>
      writers.map((writer) => `${writer} also writes ${state.id} and is paused for the run.`),
    ),
    ...(input.redBefore ?? []).map(
      ({ check }) => `${check} was red before the run that is undone, and will not be judged.`,
    ),
    ...effectRisk(input),
    ...gateRisks(input, touched),
    ...(circular.length === 0
      ? []
      : [`${circular.join(', ')} depend on each other; their order is by name.`]),
  ];
}

/** Why a second person's word is needed, `grave` hits included; undefined when it is not. */
export function whyApproval(
  input: PlanInput,
  touched: readonly PlanState[],
  changes: readonly Change[],
  steps: readonly PlanStep[],
  grave: readonly string[],
): string | undefined {
  const reasons: string[] = [...grave];
  const final = changes.filter(({ reversible }) => reversible === 'no').length;
  const lossy = changes.filter(({ reversible }) => reversible === 'lossy').length;
  if (final > 0) reasons.push(`${counted(final, 'item')} cannot be undone`);
  if (lossy > 0) reasons.push(`${counted(lossy, 'item')} would lose something`);
  if (touched.some(({ capabilities }) => capabilities.dataBearing)) {
    reasons.push('it touches a state that holds data');
  }
  const hard = steps.filter(({ disruption }) => isHard(disruption));
  if (hard.length > 0) reasons.push(`${[...new Set(hard.map(disruptionOf))].join(' and ')}`);
  const { target, notHealed } = input;
  const { status } = target;
  if (notHealed !== undefined) reasons.push(`${notHealed} went back: it had not healed, or harmed`);
  // An undo goes back to what was there a moment ago, which is why the run was tried at all.
  const isCondemned = status === 'suspect' || status === 'bad';
  if (isCondemned && input.direction === 'restore') reasons.push(`the target is ${status}`);
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

/** What is restored would not outlive a restart of its target. */
function driftRisk({ state, capture }: PlanState): readonly string[] {
  const told = (capture.drift ?? []).map((drift) => `${state.id}, as it was captured: ${drift}`);
  return told.map((words) => `${words}. A restart of the target would change it.`);
}

/** What the target says nothing of stays as it is, which whoever reads the plan may not expect. */
function uncoveredRisk({ state, uncovered = [] }: PlanState): readonly string[] {
  if (uncovered.length === 0) return [];
  const words = uncovered.join(', ');
  return [`${state.id} was captured without ${words}: what only belongs to that stays as it is.`];
}

function leftRisk(state: PlanState): readonly string[] {
  const why = whyLeft(state);
  if (why === undefined) return [];
  const changes = state.diff(state.now, state.wanted).length;
  if (changes === 0) return [];
  return [`${state.state.id} differs in ${counted(changes, 'item')} and stays as it is: ${why}.`];
}

function lossRisk(change: Change): readonly string[] {
  if (change.reversible === 'yes') return [];
  const what = change.reversible === 'no' ? 'cannot be undone' : 'loses something';
  const loss = change.loss === undefined ? '' : `: ${change.loss}`;
  return [`${change.component}: ${change.op} ${change.path} ${what}${loss}.`];
}

function dataRisk({ state }: PlanState): string {
  return `${state.id} holds data: whatever was written since the checkpoint would be lost.`;
}

function targetRisk({ target }: PlanInput): readonly string[] {
  switch (target.status) {
    case 'captured':
    case 'restorable':
      return [
        `The target of ${toSecond(target.takenAt)} was not shown to be good; ` +
          `lastgood checkpoint explain ${target.id} tells why.`,
      ];
    case 'suspect':
    case 'bad':
      return [`The target of ${toSecond(target.takenAt)} is ${target.status}.`];
    case 'good':
    case 'proven':
    case 'unrestorable':
      return [];
    default:
      return assertUnreachable(target.status);
  }
}

/** What was not one instant may not fit together, where more than one part of it is restored. */
function levelRisk({ target }: PlanInput, touched: readonly PlanState[]): readonly string[] {
  if (target.spread === undefined || touched.length < 2) return [];
  return [`The states of the target are from different instants (${target.spread}).`];
}

function effectRisk({ effects, target }: PlanInput): readonly string[] {
  if (effects === 'unknown') {
    const since = toSecond(target.takenAt);
    return [`What was done outside since ${since} is not known: evidence did not answer.`];
  }
  const told = effects === undefined ? undefined : effectsText(effects, toSecond(target.takenAt));
  return told === undefined ? [] : [told];
}

/** What the steps interrupt, one sentence for each component: told, and nothing to stop for. */
export function disruptionRisks(steps: readonly PlanStep[]): readonly string[] {
  const worst = new Map<string, PlanStep['disruption']>();
  for (const { component, disruption } of steps) {
    const known = worst.get(component) ?? 'none';
    if (DISRUPTIONS.indexOf(disruption) > DISRUPTIONS.indexOf(known)) {
      worst.set(component, disruption);
    }
  }
  return [...worst].map(([component, disruption]) => `${component}: ${WORDS[disruption]}.`);
}

function gateRisks(input: PlanInput, touched: readonly PlanState[]): readonly string[] {
  const checks = [...input.guards, ...(input.goals ?? [])];
  const watched = new Set(checks.map(({ component }) => component));
  const dark = [...new Set(touched.map(({ state }) => state.component))].filter(
    (component) => !watched.has(component),
  );
  return dark.map((name) => `No health check covers ${name}: only its state is verified.`);
}

const WORDS = {
  none: 'nothing is interrupted',
  reload: 'it is reloaded',
  restart: 'it is restarted',
  reboot: 'the machine is rebooted',
  'data-loss': 'data is lost',
} as const satisfies Readonly<Record<PlanStep['disruption'], string>>;

function isHard(disruption: PlanStep['disruption']): boolean {
  return disruption === 'reboot' || disruption === 'data-loss';
}

function disruptionOf({ disruption }: PlanStep): string {
  return WORDS[disruption];
}
