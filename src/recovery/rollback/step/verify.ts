import { assert } from '../../../base/assert.ts';
import { toSecond } from '../../../base/time.ts';
import type { GateJudgement } from '../../../model/run/gate.ts';
import { remainingMs, type Instant } from '../../../model/run/instant.ts';
import { whyExpired, whyStop } from './apply.ts';
import { batchNow, holdMs, statesSoFar } from './batches.ts';
import { GATE_PATIENCE_MS_MIN, GATE_WINDOWS_MAX, RESTART_MS_MAX } from './limits.ts';
import type { Act, ActResult, Reading } from './act.ts';
import { companionsOf, movedCompanions, whyMoved } from './companions.ts';
import type { Effect } from './event.ts';
import type { RunMachine, Stage, StepContext, Stepped } from './machine.ts';
import type { RunRecord } from './record.ts';
import { judgeRounds, pauseBetweenRounds, sentenceOf, withRound } from './rounds.ts';
import { statesOf, wantedFingerprint } from './run-states.ts';
import { begin, decide, fresh, stamp, stampOf, writeAndGo } from './stepped.ts';

const NOT_AS_WANTED = 'is not as the checkpoint wants it';

/**
 * VERIFYING: every state is as the target wants, then the gate is green N times in a row. Between
 * two batches of APPLYING the same is asked of what was changed so far, for as long as it soaks;
 * the first batch that fails is the last.
 */
export function proceedVerifying(machine: RunMachine, at: Instant): Stepped {
  const isBatch = machine.record.phase === 'APPLYING';
  const stop = isBatch ? whyStop(machine, at) : (machine.stop ?? whyExpired(machine, at));
  if (stop !== undefined) return decide(machine, at, stop);
  if (machine.gateSince !== undefined) {
    return begin(machine, { kind: 'gate-sample' }, { kind: 'sample' });
  }
  return begin(machine, { kind: 'state-verify' }, readAgain(machine.record));
}

/** Takes the answer of such an act. */
export function verifyingActed(
  machine: RunMachine,
  stage: Stage,
  result: ActResult,
  context: StepContext,
): Stepped {
  const { at } = context;
  const seen = result.kind === 'sampled' ? withRound(machine, result.samples) : machine;
  const isOnHold = machine.record.phase === 'APPLYING' && machine.held;
  const stop = machine.stop ?? (isOnHold ? whyStop(machine, at) : whyTooLate(seen, context));
  if (stop !== undefined) return decide(machine, at, stop);
  if (stage.kind === 'gate-wait') {
    return begin(machine, { kind: 'gate-sample' }, { kind: 'sample' });
  }
  if (result.kind === 'failed') {
    const why = `${whereOf(machine.record)}could not be verified: ${result.why}`;
    return decide(machine, at, { decision: 'CANCEL', why, by: 'lastgood' });
  }
  if (result.kind === 'observed') {
    const { record } = machine;
    const wrong = notAsWanted(record, result.readings, statesSoFar(record));
    const [moved] = movedCompanions(record, result.readings);
    if (wrong !== undefined || moved !== undefined) {
      const is = wrong === undefined ? whyMoved(moved ?? '') : `${wrong} ${NOT_AS_WANTED}`;
      const why = `${whereOf(record)}${is}`;
      return decide(machine, at, { decision: 'CANCEL', why, by: 'lastgood' });
    }
    if (machine.gateSince !== undefined) return passed(machine, at);
    const watched = { ...machine, gateSince: at };
    return begin(watched, { kind: 'gate-sample' }, { kind: 'sample' });
  }
  assert(result.kind === 'sampled', 'a sample is answered by samples');
  return sampled(machine, result, context);
}

function sampled(
  machine: RunMachine,
  result: Extract<ActResult, { kind: 'sampled' }>,
  context: StepContext,
): Stepped {
  const { at } = context;
  const next = withRound(machine, result.samples);
  const judgement = judgeRounds(next, context);
  if (next.record.phase === 'APPLYING' && judgement.kind === 'passed') return soaking(next, at);
  if (judgement.kind === 'passed') {
    const { notJudged, healed } = judgement;
    const entry = { kind: 'healthy', at: stamp(at), nonce: result.nonce, notJudged } as const;
    const healthy = healed === undefined ? entry : { ...entry, healed };
    return writeAndGo(fresh(next), healthy, [{ kind: 'notify', notice: waits(next.record, at) }]);
  }
  if (judgement.kind === 'failed' && isStarting(next, at)) return waitOn(next, at);
  if (judgement.kind === 'failed') return harmed(next, judgement, at);
  if (patienceIsOver(next, at)) {
    const why = whereOf(next.record) + sentenceOf(judgement);
    const decision = { decision: 'CANCEL', why, by: 'lastgood' } as const;
    // Red only now and then, or not known to have been green before.
    if (judgement.because === 'guard-red') return decide(next, at, { ...decision, harmed: true });
    const isUnhealed = judgement.because === 'goal-not-green';
    return decide(next, at, isUnhealed ? { ...decision, unhealed: true } : decision);
  }
  if (judgement.because !== 'too-few-rounds') return waitOn(next, at);
  return begin(next, { kind: 'gate-wait' }, pauseBetweenRounds(next.record));
}

/** One more round, from which on everything has to hold. */
function waitOn(machine: RunMachine, at: Instant): Stepped {
  const held = { ...machine, heldSince: at };
  return begin(held, { kind: 'gate-wait' }, pauseBetweenRounds(machine.record));
}

/** Whoever was restarted by this run, or stands on him, may not be up yet. */
function isStarting({ record, gateSince }: RunMachine, at: Instant): boolean {
  const isRestarted = record.plan.content.steps.some(
    ({ disruption }) => disruption === 'restart' || disruption === 'reboot',
  );
  return isRestarted && at.uptimeMs - (gateSince?.uptimeMs ?? at.uptimeMs) < RESTART_MS_MAX;
}

/** What was healthy before has failed the gate by its own rule: every further second is harm. */
export function harmed(
  machine: RunMachine,
  judgement: Extract<GateJudgement, { kind: 'failed' }>,
  at: Instant,
): Stepped {
  const why = whereOf(machine.record) + sentenceOf(judgement);
  return decide(machine, at, { decision: 'CANCEL', why, by: 'lastgood', harmed: true });
}

/**
 * The guards of a batch are green. Once they have held for long enough its states are read again:
 * who changed them meanwhile must not find the rest changed as well.
 */
function soaking(machine: RunMachine, at: Instant): Stepped {
  const { record } = machine;
  const { batch, number } = batchNow(record);
  const since = (machine.heldSince ?? machine.gateSince ?? at).uptimeMs;
  if (at.uptimeMs - since < holdMs(batch, number, record.plan.planHash)) {
    return begin(machine, { kind: 'gate-wait' }, pauseBetweenRounds(record));
  }
  return begin(machine, { kind: 'state-verify' }, readAgain(record));
}

/** Everything that was changed so far, and what travels with it. */
export function readAgain(record: RunRecord): Extract<Act, { kind: 'observe' }> {
  return { kind: 'observe', states: [...statesSoFar(record), ...companionsOf(record)] };
}

/** A batch was watched and is still as wanted: the next one begins. */
function passed(machine: RunMachine, at: Instant): Stepped {
  const { number } = batchNow(machine.record);
  return writeAndGo(fresh(machine), { kind: 'batch-passed', at: stamp(at), batch: number });
}

/** Which batch a sentence is about; nothing where the plan has only one. */
function whereOf(record: RunRecord): string {
  if (record.phase !== 'APPLYING') return '';
  const { batch, number, of } = batchNow(record);
  return `batch ${number} of ${of} (${batch.components.join(', ')}): `;
}

/**
 * A passed deadline, with what kept the gate shut: nobody could have confirmed before. A goal that
 * did not come true in all the time there was has not: nobody is to try the same again unasked.
 */
function whyTooLate(
  machine: RunMachine,
  context: StepContext,
): (ReturnType<typeof whyExpired> & { readonly unhealed?: true }) | undefined {
  const expired = whyExpired(machine, context.at);
  if (expired === undefined || machine.rounds.length === 0) return expired;
  const judgement = judgeRounds(machine, context);
  if (judgement.kind === 'passed') return expired;
  const late = { ...expired, why: `${expired.why}, and could not be: ${sentenceOf(judgement)}` };
  const isUnhealed = judgement.kind === 'waiting' && judgement.because === 'goal-not-green';
  return isUnhealed ? { ...late, unhealed: true } : late;
}

/** The first of these states that is not as the target wants it. */
export function notAsWanted(
  record: RunRecord,
  readings: readonly Reading[],
  states = statesOf(record),
): string | undefined {
  return states.find((state) => {
    const reading = readings.find((one) => one.state === state);
    return reading?.fingerprint !== wantedFingerprint(record, state);
  });
}

function patienceIsOver(machine: RunMachine, at: Instant): boolean {
  const { gate } = machine.record.plan.content;
  const since = machine.gateSince?.uptimeMs ?? at.uptimeMs;
  const windows = GATE_WINDOWS_MAX * gate.samples * gate.intervalMs;
  return at.uptimeMs - since >= Math.max(GATE_PATIENCE_MS_MIN, windows);
}

function waits(record: RunRecord, at: Instant): Extract<Effect, { kind: 'notify' }>['notice'] {
  const { content } = record.plan;
  const { deadline } = record;
  // The time that preparing and applying took is gone: the deadline counts from before them.
  const until = deadline === undefined ? '' : `until ${toSecond(stampOf(deadline))}, `;
  const leftMs = deadline === undefined ? 0 : remainingMs(deadline, at);
  const silence = content.onSilence === 'revert' ? 'reverts' : 'is kept only if healed';
  return {
    urgency: 'info',
    title: `Rollback ${record.run} is applied and healthy`,
    text: `Confirm it ${until}within ${Math.floor(leftMs / 1000)} s; silence ${silence}.`,
  };
}
