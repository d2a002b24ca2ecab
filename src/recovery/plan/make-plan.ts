import { counted } from '../../base/counted.ts';
import { canonicalJson } from '../../base/canonical-json.ts';
import { sha256 } from '../../base/hash.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { fingerprintOf } from '../../model/checkpoint/capture.ts';
import type { Change } from '../../model/checkpoint/change.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type {
  GateCheck,
  OnSilence,
  PlanBatch,
  PlanContent,
  PlanHash,
  PlanStep,
} from '../../model/run/plan.ts';
import { WATCHING_SHARE_MAX } from '../../model/run/watching-share.ts';
import { compareStates } from './compare-states.ts';
import { estimateLoss } from './estimate-loss.ts';
import { findIrreversible } from './irreversible.ts';
import { chooseConfirmTime } from './choose-confirm-time.ts';
import { makeBatches, watchingMs } from './make-batches.ts';
import { makeSteps } from './make-steps.ts';
import { nameRisks, whyApproval } from './name-risks.ts';
import { orderComponents } from './order-components.ts';
import { isProvable, reachDemands, reachRisks } from './reach-demands.ts';
import type { PlanInput, PlanState } from './plan-input.ts';
import { companionsOf, groupsOf, whyTorn } from './travel-together.ts';
import { whyLeft } from './why-left.ts';

/**
 * Makes the plan from now to a checkpoint: pure, and byte-equal for equal inputs in whatever order
 * the states come. Fails with LG_ROLLBACK_PLAN_EMPTY when nothing that can be restored differs,
 * with LG_ROLLBACK_IMPOSSIBLE when the target, or something that belongs to it, cannot be restored,
 * and with LG_ROLLBACK_NO_TIME when the confirm deadline cannot hold the batches.
 */
export function makePlan(input: PlanInput): Result<PlanContent> {
  const { target } = input;
  if (target.status === 'unrestorable') {
    return err(lgError('LG_ROLLBACK_IMPOSSIBLE', `checkpoint ${target.id} is unrestorable`));
  }
  const { order, circular } = orderOf(input);
  const states = input.states.toSorted(byOrder(order, input.direction));
  const touched = states.filter((state) => whyLeft(state) === undefined && differs(state));
  if (touched.length === 0) return nothingToDo(input);
  const torn = whyTorn(touched, input);
  if (torn !== undefined) return err(lgError('LG_ROLLBACK_IMPOSSIBLE', torn));
  const steps: PlanStep[] = [];
  for (const state of touched) {
    const made = stepsOf(state);
    if (!made.ok) return made;
    for (const step of made.value) steps.push({ ...step, id: String(steps.length + 1) });
  }
  const batches = makeBatches(touched, steps, input.batches);
  const watchedMs = batches.length === 1 ? 0 : watchingMs(batches, input.gate);
  const confirm = chooseConfirmTime(touched, watchedMs, input);
  const tooLong = whyTooLong(batches, watchedMs, confirm.ms);
  if (tooLong !== undefined) return err(lgError('LG_ROLLBACK_NO_TIME', tooLong));
  const changes = touched.flatMap((state) => state.diff(state.now, state.wanted));
  const content = contentOf({ ...input, states }, order, circular, touched, steps, changes);
  const time = {
    confirmTimeoutMs: confirm.ms,
    ...(confirm.why === undefined ? {} : { confirmWhy: confirm.why }),
  };
  return ok({ ...content, ...time, batches, compared: compareStates(input) });
}

/** Why the confirm deadline, and with it every timer, would end a run that goes as planned. */
function whyTooLong(
  batches: readonly PlanBatch[],
  neededMs: number,
  confirmMs: number,
): string | undefined {
  if (neededMs <= confirmMs * WATCHING_SHARE_MAX) return undefined;
  const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`;
  return (
    `${batches.length} batches are watched for ${seconds(neededMs)} together, which is more than ` +
    `half of the confirm deadline of ${seconds(confirmMs)}`
  );
}

/** The identity of a plan: whoever approves it approves exactly this. */
export function planHash(content: PlanContent): PlanHash {
  return sha256(canonicalJson(content)) as PlanHash;
}

function contentOf(
  input: PlanInput,
  order: readonly string[],
  circular: readonly string[],
  touched: readonly PlanState[],
  steps: readonly PlanStep[],
  changes: readonly Change[],
): Omit<PlanContent, 'confirmTimeoutMs'> {
  const hits = findIrreversible(input, touched, changes);
  const approval = whyApproval(input, touched, changes, steps, hits.grave);
  const reach = reachDemands(touched, input.reach);
  const losses = touched.flatMap((state) => estimateLoss(state) ?? []);
  const content = {
    target: input.target.id,
    components: order,
    steps,
    changes,
    observed: Object.fromEntries(
      [...touched, ...companionsOf(touched, input)]
        .map(({ state, now }) => [state.id, fingerprintOf(now)] as const)
        .toSorted(byFirst),
    ),
    ...targetsOf(touched),
    ...groupsOf(touched, input),
    ...(losses.length === 0 ? {} : { losses }),
    risks: [
      ...hits.risks,
      ...reachRisks(reach),
      ...nameRisks(input, touched, changes, steps, circular),
    ],
    checks: checksOf(input),
    ...(reach.length === 0 ? {} : { reach }),
    gate: input.gate,
    onSilence:
      hits.risks.length > 0 || !isProvable(reach) ? 'revert' : silenceOf(input, changes, approval),
  };
  return approval === undefined ? content : { ...content, approval };
}

/** Whom the plan is for; absent where nobody said. */
function targetsOf(touched: readonly PlanState[]): Pick<PlanContent, 'targets'> {
  const known = touched.flatMap(({ state, target }) =>
    target === undefined ? [] : [[state.id, target] as const],
  );
  return known.length === 0 ? {} : { targets: Object.fromEntries(known.toSorted(byFirst)) };
}

/** Keeping without a word is for incidents whose way back is free of loss, see property 22. */
function silenceOf(
  input: PlanInput,
  changes: readonly Change[],
  approval: string | undefined,
): OnSilence {
  const isFree = approval === undefined && changes.every(({ reversible }) => reversible === 'yes');
  const hasGoals = (input.goals ?? []).length > 0;
  return input.onSilence === 'keep-if-healed' && isFree && hasGoals ? 'keep-if-healed' : 'revert';
}

function orderOf(input: PlanInput): ReturnType<typeof orderComponents> {
  const names = [...new Set(input.states.map(({ state }) => state.component))];
  const { order, circular } = orderComponents(input.components, names);
  return { order: input.direction === 'undo' ? order.toReversed() : order, circular };
}

function byOrder(order: readonly string[], direction: PlanInput['direction']) {
  const sign = direction === 'undo' ? -1 : 1;
  return (a: PlanState, b: PlanState): number =>
    order.indexOf(a.state.component) - order.indexOf(b.state.component) ||
    (a.state.id < b.state.id ? -sign : a.state.id > b.state.id ? sign : 0);
}

function differs({ now, wanted }: PlanState): boolean {
  return fingerprintOf(now) !== fingerprintOf(wanted);
}

function stepsOf({ state, now, wanted, capture, plan }: PlanState): ReturnType<typeof makeSteps> {
  const proposed = plan(now, wanted);
  return makeSteps({ state, now, to: wanted, desired: capture.image, proposed });
}

/**
 * Goals come first: they are what the rollback is for. A check of both kinds is a goal, and what
 * was red where an undo leads cannot guard it: the undo of a rollback that healed must work too.
 */
function checksOf(input: PlanInput): readonly GateCheck[] {
  const goals = (input.goals ?? []).map((check) => ({ role: 'goal' as const, ...check }));
  const notGuards = [...(input.goals ?? []), ...(input.redBefore ?? [])];
  const names = new Set(notGuards.map(({ check }) => check));
  const guards = input.guards
    .filter(({ check }) => !names.has(check))
    .map((check) => ({ role: 'guard' as const, ...check }));
  return [...sortChecks(goals), ...sortChecks(guards)];
}

function sortChecks(checks: readonly GateCheck[]): readonly GateCheck[] {
  const byName = new Map(checks.map((check) => [check.check, check]));
  return [...byName].toSorted(byFirst).map(([, check]) => check);
}

function byFirst(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

function nothingToDo(input: PlanInput): Result<never> {
  const left = input.states.flatMap((state) => {
    const why = whyLeft(state);
    return why !== undefined && differs(state) ? [`${state.state.id} differs but ${why}`] : [];
  });
  const detail = [
    `${counted(input.states.length, 'state')} compared with checkpoint ${input.target.id}`,
    ...left,
    ...input.left.map(({ state, why }) => `${state} was not compared: ${why}`),
  ];
  const isEqual = left.length === 0 && (input.states.length > 0 || input.left.length === 0);
  const code = isEqual ? 'LG_ROLLBACK_PLAN_EMPTY' : 'LG_ROLLBACK_IMPOSSIBLE';
  return err(lgError(code, detail.join('; ')));
}
