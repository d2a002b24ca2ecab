import { assert, assertUnreachable } from '../../base/assert.ts';
import type { Instant } from '../../model/run/instant.ts';
import { applyingActed, proceedApplying } from './step/apply.ts';
import { awaitingActed, proceedAwaiting } from './step/await-confirm.ts';
import { isBatchDone } from './step/batches.ts';
import { closeActed } from './step/close.ts';
import { committingActed, proceedCommitting } from './step/commit.ts';
import type { ActResult } from './step/act.ts';
import type { Effect, RunEvent } from './step/event.ts';
import type { RunMachine, Stage, StepContext, Stepped } from './step/machine.ts';
import { preparingActed, proceedPlanned, proceedPreparing } from './step/prepare.ts';
import type { RunRecord } from './step/record.ts';
import { requested } from './step/request.ts';
import { proceedReverting, revertingActed } from './step/revert.ts';
import { proceedAwaitingWord, tellOfWord } from './step/second-word.ts';
import { rest, withoutDoing } from './step/stepped.ts';
import { surveyed } from './step/survey.ts';
import { takenOver, takeOver } from './step/take-over.ts';
import { proceedVerifying, verifyingActed } from './step/verify.ts';

/**
 * The run of a rollback as one pure function, see recovery.md 3. The driver executes the effects in
 * their order, each `append` durable before the next effect begins, and sends the answers back as
 * events, one at a time. Exploration, simulation and production import this file.
 */

/** What a step gives: where the run is now and what must be done, in this order. */
export interface StepResult {
  readonly machine: RunMachine;
  readonly effects: readonly Effect[];
}

/** A chain of phases without any act between them is short; a longer one is a loop. */
const PHASES_AT_ONCE_MAX = 8;

/** Begins a run whose `planned` entry is durable. */
export function beginRun(record: RunRecord, held: boolean, context: StepContext): StepResult {
  const machine = machineOf(record, held);
  return settle({ machine, effects: tellOfWord(record), go: true }, context);
}

/**
 * Takes a run over after a crash, from its journal alone. A run that has ended stays as it is.
 */
export function recoverRun(record: RunRecord, held: boolean, context: StepContext): StepResult {
  return settle(takeOver(machineOf(record, held)), context);
}

/** One event in, the next state and the effects out. Answers of dropped acts change nothing. */
export function step(machine: RunMachine, event: RunEvent, context: StepContext): StepResult {
  if (event.kind !== 'acted') return settle(requested(machine, event, context), context);
  const { doing } = machine;
  if (doing === undefined || doing.id !== event.id) return { machine, effects: [] };
  return settle(acted(withoutDoing(machine), doing.stage, event.result, context), context);
}

/** The machine of a record, with an empty short memory. */
export function machineOf(record: RunRecord, held: boolean): RunMachine {
  return { record, acts: 0, held, rounds: [], tries: 0, back: [], queue: [], noticed: 0 };
}

function settle(stepped: Stepped, context: StepContext): StepResult {
  let { machine, go } = stepped;
  const effects = [...stepped.effects];
  for (let phases = 0; go; phases += 1) {
    assert(phases < PHASES_AT_ONCE_MAX, `a run settles; it is ${machine.record.phase}`);
    const next = proceed(machine, context.at);
    effects.push(...next.effects);
    ({ machine, go } = next);
  }
  return { machine, effects };
}

/** What a phase does when nothing is awaited. */
function proceed(machine: RunMachine, at: Instant): Stepped {
  const { phase } = machine.record;
  switch (phase) {
    case 'PLANNED':
      return proceedPlanned(machine);
    case 'AWAITING_APPROVAL':
      return proceedAwaitingWord(machine, at);
    case 'PREPARING':
      return proceedPreparing(machine);
    case 'APPLYING':
      return isBatchDone(machine.record)
        ? proceedVerifying(machine, at)
        : proceedApplying(machine, at);
    case 'VERIFYING':
      return proceedVerifying(machine, at);
    case 'AWAITING_CONFIRM':
      return proceedAwaiting(machine, at);
    case 'COMMITTING':
      return proceedCommitting(machine);
    case 'REVERTING':
      return proceedReverting(machine, at);
    case 'COMMITTED':
    case 'REVERTED':
    case 'ABORTED':
    case 'NEEDS_OPERATOR':
      return rest(machine);
    default:
      return assertUnreachable(phase);
  }
}

/** Takes an answer: some stages are the same in every phase, the others belong to theirs. */
function acted(
  machine: RunMachine,
  stage: Stage,
  result: ActResult,
  context: StepContext,
): Stepped {
  const { at } = context;
  switch (stage.kind) {
    case 'refence':
      return takenOver(machine, result, at);
    case 'close-disarm':
    case 'close-resume':
    case 'close-pause':
      return closeActed(machine, stage, result, at);
    case 'survey':
      return surveyed(machine, stage, result);
    case 'check':
    case 'apply':
    case 'reread':
      return stage.direction === 'forward'
        ? applyingActed(machine, stage, result, at)
        : revertingActed(machine, stage, result, at);
    default:
      return actedInPhase(machine, stage, result, context);
  }
}

function actedInPhase(
  machine: RunMachine,
  stage: Stage,
  result: ActResult,
  context: StepContext,
): Stepped {
  const { phase } = machine.record;
  switch (phase) {
    case 'PLANNED':
    case 'PREPARING':
      return preparingActed(machine, stage, result, context.at);
    case 'APPLYING':
    case 'VERIFYING':
      return verifyingActed(machine, stage, result, context);
    case 'AWAITING_CONFIRM':
      return awaitingActed(machine, stage, result, context);
    case 'COMMITTING':
      return committingActed(machine, stage, result, context.at);
    case 'REVERTING':
      return revertingActed(machine, stage, result, context.at);
    default:
      throw new Error(`broken invariant: ${phase} awaits no ${stage.kind}`);
  }
}
