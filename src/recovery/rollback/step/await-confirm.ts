import { assert } from '../../../base/assert.ts';
import { toSecond } from '../../../base/time.ts';
import { remainingMs, type Instant } from '../../../model/run/instant.ts';
import { whyExpired } from './apply.ts';
import type { ActResult } from './act.ts';
import type { Effect } from './event.ts';
import type { RunMachine, Stage, StepContext, Stepped } from './machine.ts';
import { extendActed } from './extend.ts';
import { movedCompanions } from './companions.ts';
import { probesOf, reachActed, whyUnreached } from './reach.ts';
import { judgeRounds, pauseBetweenRounds, whyNotGreen, whyShut, withRound } from './rounds.ts';
import { begin, decide, rest, stampOf } from './stepped.ts';
import { harmed, notAsWanted, readAgain } from './verify.ts';

/**
 * AWAITING_CONFIRM: waits for a person, and goes on asking the checks meanwhile: whoever decides
 * is shown how they are now, and a guard that turns red for good turns the run back as it did
 * before. With `keep-if-healed` the engine watches for one more window of the gate and confirms by
 * itself what was sick and is healed; otherwise silence reverts.
 */
export function proceedAwaiting(machine: RunMachine, at: Instant): Stepped {
  const stop = machine.stop ?? whyExpired(machine, at);
  if (stop !== undefined) return decide(machine, at, stop);
  const effects = [wake(machine, at)];
  if (machine.record.plan.content.checks.length === 0) return rest(machine, effects);
  return begin(machine, { kind: 'watch-wait' }, pauseBetweenRounds(machine.record), effects);
}

/** Takes the answer of an act of the watch. */
export function awaitingActed(
  machine: RunMachine,
  stage: Stage,
  result: ActResult,
  context: StepContext,
): Stepped {
  const { at } = context;
  if (stage.kind === 'extend') return extendActed(machine, stage, result, at);
  if (stage.kind === 'reach') return reachActed(machine, stage, result, context);
  const stop = machine.stop ?? whyNotKept(machine, context);
  if (stop !== undefined) return decide(machine, at, stop);
  if (stage.kind === 'watch-reach') {
    const missing = whyUnreached(machine.record, result);
    return missing === undefined ? keep(machine, at) : watchOn({ ...machine, rounds: [] });
  }
  if (stage.kind === 'watch-wait') {
    return begin(machine, { kind: 'watch-sample' }, { kind: 'sample' });
  }
  if (result.kind === 'failed') return watchOn({ ...machine, rounds: [] });
  if (result.kind === 'observed') {
    const { record } = machine;
    const isAlone = movedCompanions(record, result.readings).length === 0;
    if (notAsWanted(record, result.readings) !== undefined || !isAlone) {
      return watchOn({ ...machine, rounds: [] });
    }
    const probes = probesOf(machine.record);
    if (probes.length === 0) return keep(machine, at);
    return begin(machine, { kind: 'watch-reach' }, { kind: 'reach', probes });
  }
  assert(result.kind === 'sampled', 'a sample is answered by samples');
  const next = withRound(machine, result.samples);
  const judgement = judgeRounds(next, context);
  if (judgement.kind === 'failed') return harmed(next, judgement, at);
  const isHealed =
    judgement.kind === 'passed' && judgement.healed === true && whyNotGreen(next) === undefined;
  if (!isHealed || !mayKeep(next)) return watchOn(next);
  return begin(next, { kind: 'watch-read' }, readAgain(next.record));
}

/** Tells people at half and at four fifths of the deadline; expiry turns back at once. */
export function awaitingTick(machine: RunMachine, context: StepContext): Stepped {
  const { at } = context;
  const stop = whyNotKept(machine, context);
  if (stop !== undefined) return decide(machine, at, stop);
  const used = usedPercent(machine, at);
  const due = used >= 80 ? 80 : used >= 50 ? 50 : 0;
  if (due <= machine.noticed) return rest(machine, [wake(machine, at)]);
  const next = { ...machine, noticed: due } as const;
  const effects: readonly Effect[] = [
    { kind: 'notify', notice: reminder(machine, context, due) },
    wake(next, at),
  ];
  return rest(next, effects);
}

/** Whether silence may mean "keep": see property 22. */
function mayKeep(machine: RunMachine): boolean {
  const { plan, healthy } = machine.record;
  return plan.content.onSilence === 'keep-if-healed' && healthy?.healed === true;
}

/** A passed deadline, with why silence did not keep what it might have kept. */
function whyNotKept(machine: RunMachine, context: StepContext): ReturnType<typeof whyExpired> {
  const expired = whyExpired(machine, context.at);
  const { onSilence } = machine.record.plan.content;
  if (expired === undefined || onSilence === 'revert') return expired;
  const nothing = mayKeep(machine) ? undefined : 'nothing was red before that it could have healed';
  const reason = nothing ?? whyShut(machine, context) ?? whyNotGreen(machine);
  return reason === undefined
    ? expired
    : { ...expired, why: `${expired.why}, not kept: ${reason}` };
}

function keep(machine: RunMachine, at: Instant): Stepped {
  const why = 'healed, every check green, every target reached after the change';
  return decide(machine, at, { decision: 'CONFIRM', why, by: 'lastgood' });
}

function watchOn(machine: RunMachine): Stepped {
  return begin(machine, { kind: 'watch-wait' }, pauseBetweenRounds(machine.record));
}

function usedPercent(machine: RunMachine, at: Instant): number {
  const { deadline } = machine.record;
  if (deadline === undefined) return 100;
  return 100 - (100 * remainingMs(deadline, at)) / deadline.afterMs;
}

/** The next moment at which time alone changes something: 50 %, 80 % or all of the deadline. */
function wake(machine: RunMachine, at: Instant): Effect {
  const { deadline } = machine.record;
  if (deadline === undefined) return { kind: 'wake', afterMs: 0 };
  const left = remainingMs(deadline, at);
  const share = machine.noticed === 0 ? 0.5 : machine.noticed === 50 ? 0.2 : 0;
  const afterMs = Math.max(1, Math.ceil(left - share * deadline.afterMs));
  return { kind: 'wake', afterMs };
}

type Reminder = Extract<Effect, { kind: 'notify' }>['notice'];

function reminder(machine: RunMachine, context: StepContext, percent: number): Reminder {
  const { deadline, run } = machine.record;
  const seconds = deadline === undefined ? 0 : Math.round(remainingMs(deadline, context.at) / 1000);
  const when = deadline === undefined ? '' : `, at ${toSecond(stampOf(deadline))}`;
  const shut = whyShut(machine, context);
  const now = shut === undefined ? '' : ` The checks now: ${shut}.`;
  return {
    urgency: percent >= 80 ? 'critical' : 'warning',
    title: `Rollback ${run} waits for confirmation`,
    text:
      `${percent} % of the time is used; without an answer it reverts in ` +
      `${seconds} s${when}.${now}`,
  };
}
