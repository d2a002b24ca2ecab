import { assert, assertUnreachable } from '../../../base/assert.ts';
import type { Instant } from '../../../model/run/instant.ts';
import type { PlanStep } from '../../../model/run/plan.ts';
import { isAway, waitForHost } from './away-host.ts';
import { RETRY_PAUSE_MS, UNDO_TRIES_MAX } from './limits.ts';
import type { ActResult, UndoAnswer } from './act.ts';
import type { RunMachine, Stage, Stepped } from './machine.ts';
import { leaveToDeadMan } from './leave-to-dead-man.ts';
import { applyStep, intend, mutationActed } from './mutate.ts';
import { componentOf, preparedState, statesOf } from './run-states.ts';
import { close } from './close.ts';
import { begin, goOn, rest } from './stepped.ts';
import { stuck } from './survey.ts';
import { undoQuestion, whereIs } from './whereabouts.ts';

/**
 * REVERTING: back to P, last state first, each by the planner's own way from where it really is.
 * Then the timers are taken away and everything is read once more. Only what equals P is called
 * reverted; whatever cannot be brought there, or was written by somebody else, needs a person.
 */
export function proceedReverting(machine: RunMachine, at: Instant): Stepped {
  const [step, ...queue] = machine.queue;
  if (step !== undefined) {
    // A hold stops the way back too; `hold` with false brings us here again.
    if (machine.held) return rest(machine);
    return intend({ ...machine, queue }, 'undo', step, at);
  }
  const state = statesOf(machine.record).findLast((one) => !machine.back.includes(one));
  if (state === undefined) return disarmNext(machine, machine.record.arming, 'read');
  const questions = [undoQuestion(machine.record, state)];
  return begin(machine, { kind: 'plan-undo', state }, { kind: 'plan-undo', questions });
}

/** Takes the answer of an act of this phase. */
export function revertingActed(
  machine: RunMachine,
  stage: Stage,
  result: ActResult,
  at: Instant,
): Stepped {
  if (stage.kind === 'undo-pause') return goOn(machine);
  // What was asked may have been done: everything is looked at anew, without a try less.
  if (isAway(result)) return waitForHost(planAnew(machine), result.why, at);
  return hereActed(machine, stage, result, at);
}

function hereActed(
  machine: RunMachine,
  stage: Exclude<Stage, { kind: 'undo-pause' }>,
  result: ActResult,
  at: Instant,
): Stepped {
  switch (stage.kind) {
    case 'plan-undo':
      return result.kind === 'undo-planned'
        ? undoPlanned(machine, stage.state, result.answers[0])
        : retry(machine, whyOf(result));
    case 'check':
    case 'apply':
    case 'reread':
      return mutated(machine, stage, result, at);
    case 'disarm':
      if (result.kind === 'failed') return retry(machine, result.why);
      return disarmNext(machine, stage.left.slice(1), stage.then);
    case 'back-read':
      return result.kind === 'observed' ? backRead(machine, result) : retry(machine, whyOf(result));
    case 'fence':
    case 'refence':
    case 'pause-writers':
    case 'preflight':
    case 'before':
    case 'companions':
    case 'arm':
    case 'state-verify':
    case 'gate-sample':
    case 'gate-wait':
    case 'watch-wait':
    case 'watch-sample':
    case 'watch-read':
    case 'watch-reach':
    case 'reach':
    case 'extend':
    case 'confirm-device':
    case 'final-read':
    case 'final-companions':
    case 'commit-pause':
    case 'survey':
    case 'close-disarm':
    case 'close-resume':
    case 'close-pause':
      return retry(machine, `an answer did not fit the stage ${stage.kind}`);
    default:
      return assertUnreachable(stage);
  }
}

function undoPlanned(machine: RunMachine, state: string, answer: UndoAnswer | undefined): Stepped {
  if (answer === undefined) return retry(machine, `${state} was not read`);
  const { record } = machine;
  const where = whereIs(record, answer);
  if (where === 'foreign') return stuck(machine, `${state} was changed by somebody else`);
  if (where === 'torn' && !preparedState(record, state).traits.idempotent) {
    return stuck(machine, `${state} is half changed and must not be driven again blindly`);
  }
  const queue = where === 'before' ? again(machine, state) : answer.steps;
  if (queue.length === 0) {
    if (where !== 'before') return retry(machine, `there is no way from here to P for ${state}`);
    return goOn({ ...machine, back: [...machine.back, state] });
  }
  // Every step back was seen to be done and yet it is not there: that counts as a failed try.
  if (machine.undoing === state) return retry(machine, `${state} is still not as in P`);
  return goOn({ ...machine, undoing: state, queue: queue.map(asUndo) });
}

/**
 * An undo step that was begun and not seen to end may still owe its side effects (a restart),
 * although the items are as in P: an idempotent provider is asked once more.
 */
function again(machine: RunMachine, state: string): readonly PlanStep[] {
  const { openUndo } = machine.record;
  const { traits, fingerprint } = preparedState(machine.record, state);
  if (openUndo === undefined || openUndo.state !== state || !traits.idempotent) return [];
  return [{ ...openUndo, expects: fingerprint, becomes: fingerprint }];
}

/** Undo steps have names of their own, so that a journal never confuses them with forward ones. */
function asUndo(step: PlanStep): PlanStep {
  const id = step.id.startsWith('undo ') ? step.id : `undo ${step.state} ${step.id}`;
  return { ...step, id };
}

function mutated(
  machine: RunMachine,
  stage: Extract<Stage, { kind: 'check' | 'apply' | 'reread' }>,
  result: ActResult,
  at: Instant,
): Stepped {
  if (isOvertaken(machine, stage, result)) {
    const tries = machine.tries + 1;
    return disarmNext({ ...planAnew(machine), tries, back: [] }, machine.record.arming, 'plan');
  }
  const left = leaveToDeadMan(machine, stage, result, at);
  if (left !== undefined) return left;
  const mutation = mutationActed(machine, stage, result, at);
  switch (mutation.kind) {
    case 'going-on':
    case 'done':
      return mutation.stepped;
    case 'ready':
      if (machine.held) return rest(planAnew(machine));
      return applyStep(machine, mutation);
    case 'failed': {
      // What was found may be somebody else's: look again, and judge whose doing it is.
      const next = retry(mutation.machine, mutation.why);
      return { ...next, effects: [...mutation.effects, ...next.effects] };
    }
    default:
      return assertUnreachable(mutation);
  }
}

/**
 * A dead-man was faster and has fenced us out. It is waited for, and what it left is looked at
 * anew; refused again without one, somebody else drives the run.
 */
function isOvertaken(machine: RunMachine, stage: Stage, result: ActResult): boolean {
  const isRefused = stage.kind === 'apply' && result.kind === 'failed';
  const hasTimers = machine.record.arming.length > 0 && machine.tries < UNDO_TRIES_MAX;
  return isRefused && result.code === 'LG_PROVIDER_TOKEN_STALE' && hasTimers;
}

/** What was planned before a hold may be wrong after it. */
function planAnew(machine: RunMachine): RunMachine {
  const { undoing: _, ...idle } = machine;
  return { ...idle, queue: [] };
}

function disarmNext(
  machine: RunMachine,
  left: readonly string[],
  then: Extract<Stage, { kind: 'disarm' }>['then'],
): Stepped {
  const [state] = left;
  if (state !== undefined) {
    const { fence } = machine.record;
    return begin(machine, { kind: 'disarm', left, then }, { kind: 'disarm', fence, state });
  }
  if (then === 'plan') return goOn(machine);
  const states = statesOf(machine.record);
  return begin(machine, { kind: 'back-read' }, { kind: 'observe', states });
}

function backRead(machine: RunMachine, result: Extract<ActResult, { kind: 'observed' }>): Stepped {
  const { record } = machine;
  const wrong = statesOf(record).find((state) => {
    const reading = result.readings.find((one) => one.state === state);
    return reading?.fingerprint !== preparedState(record, state).fingerprint;
  });
  if (wrong !== undefined) return retry(machine, `${wrong} is not as in P`);
  const progress = statesOf(record).map((state) => ({
    state,
    component: componentOf(record, state),
    at: 'before' as const,
    report: record.touched.includes(state) ? 'as before the run again' : 'not touched',
  }));
  assert(record.decided !== undefined, 'a run reverts after its decision');
  const why = record.commitLost ?? record.decided.why;
  return close(machine, { state: 'REVERTED', why, progress, byHand: [] });
}

/** Looks at everything again after a pause; after too many tries a person is needed. */
function retry(machine: RunMachine, why: string): Stepped {
  const tries = machine.tries + 1;
  if (tries >= UNDO_TRIES_MAX) return stuck(machine, why);
  const ms = RETRY_PAUSE_MS * 2 ** machine.tries;
  const anew = { ...planAnew(machine), tries, back: [] };
  return begin(anew, { kind: 'undo-pause' }, { kind: 'pause', ms });
}

function whyOf(result: ActResult): string {
  return result.kind === 'failed' ? result.why : `unexpected answer ${result.kind}`;
}
