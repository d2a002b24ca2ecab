import { assertUnreachable } from '../../../base/assert.ts';
import { equalDigests } from '../../../base/hash.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { Instant } from '../../../model/run/instant.ts';
import { isTerminal } from '../../../model/run/run.ts';
import { whyExpired } from './apply.ts';
import { awaitingTick } from './await-confirm.ts';
import type { RunEvent } from './event.ts';
import { extend } from './extend.ts';
import type { RunMachine, StepContext, Stepped, Stop } from './machine.ts';
import { REFUSED_CONFIRMS_MAX } from './limits.ts';
import { proveReach } from './reach.ts';
import { whyTokenWrong, type TokenDeed } from './run-token.ts';
import { approve, proceedAwaitingWord, reject } from './second-word.ts';
import { answer, answerOvertaken, decide, goOn, rest, stamp, write } from './stepped.ts';
import { askFence } from './take-over.ts';

type Request = Exclude<RunEvent, { kind: 'acted' }>;

/** What people and time ask of a run. Each is answered, or taken at the next safe instant. */
export function requested(machine: RunMachine, event: Request, context: StepContext): Stepped {
  switch (event.kind) {
    case 'tick':
      return tick(machine, context);
    case 'hold':
      return hold(machine, event.on);
    case 'approve':
      return approve(machine, event, context);
    case 'reject':
      return reject(machine, event);
    case 'confirm':
      return confirm(machine, event, context);
    case 'extend':
      return moreTime(machine, event, context);
    case 'confirm-refused':
      return refused(machine, event, context);
    case 'cancel':
      return cancel(machine, event, context);
    case 'resume':
    case 'release':
      return afterwards(machine, event, context);
    default:
      return assertUnreachable(event);
  }
}

/** Before anything is prepared, time voids the plan; later it is the confirm deadline. */
function tick(machine: RunMachine, context: StepContext): Stepped {
  const { phase } = machine.record;
  if (machine.doing?.stage.kind === 'refence') return rest(machine);
  if (phase === 'AWAITING_CONFIRM') return awaitingTick(machine, context);
  if (phase !== 'AWAITING_APPROVAL' || machine.doing !== undefined) return rest(machine);
  return proceedAwaitingWord(machine, context.at);
}

function hold(machine: RunMachine, on: boolean): Stepped {
  const next = { ...machine, held: on };
  const { phase } = machine.record;
  if (!on) return phase === 'REVERTING' && next.doing === undefined ? goOn(next) : rest(next);
  if (phase !== 'PLANNED' && phase !== 'AWAITING_APPROVAL' && phase !== 'PREPARING') {
    return rest(next);
  }
  const why = 'writing was put on hold before anything was changed';
  return stopSoon(next, { decision: 'CANCEL', why, by: 'lastgood', code: 'LG_ROLLBACK_HOLD' });
}

/**
 * The token proves who may confirm, the nonce a look at the run after it was applied. Devices wait
 * longer than the deadline checked here by the commit budget: who is in time here is in time there.
 */
function confirm(
  machine: RunMachine,
  event: Extract<Request, { kind: 'confirm' }>,
  context: StepContext,
): Stepped {
  const refused = whyRefused(machine, event, 'confirmed', context.at);
  if (refused !== undefined) return refused;
  if (machine.doing?.stage.kind === 'reach') {
    const detail = `another confirm of run ${machine.record.run} is being proved`;
    return rest(machine, answer(event.ask, lgError('LG_ROLLBACK_NOT_CONFIRMABLE', detail)));
  }
  // Whoever wanted more time needs none any more, or asks again once the proof has failed.
  const overtaken = answerOvertaken(machine);
  const proved = proveReach(machine, event, context);
  const isProving = proved.machine.doing?.stage.kind === 'reach';
  return isProving ? { ...proved, effects: [...proved.effects, ...overtaken] } : proved;
}

/** More time is for whoever could confirm as well; one who asks after the other waits. */
function moreTime(
  machine: RunMachine,
  event: Extract<Request, { kind: 'extend' }>,
  { at }: StepContext,
): Stepped {
  const refused = whyRefused(machine, event, 'given more time', at);
  if (refused !== undefined) return refused;
  const { kind } = machine.doing?.stage ?? {};
  if (kind !== 'reach' && kind !== 'extend') return extend(machine, event, at);
  const what = kind === 'reach' ? 'is being confirmed' : 'is given more time already';
  const detail = `run ${machine.record.run} ${what}; ask again in a moment`;
  return rest(machine, answer(event.ask, lgError('LG_ROLLBACK_NOT_CONFIRMABLE', detail)));
}

/** What stands against whoever decides, with what follows from it; undefined when nothing does. */
function whyRefused(
  machine: RunMachine,
  event: Extract<Request, { kind: 'confirm' | 'extend' }>,
  deed: TokenDeed,
  at: Instant,
): Stepped | undefined {
  const { record } = machine;
  const { ask, nonce } = event;
  if (record.decided !== undefined || isTerminal(record.phase)) return decidedAlready(machine, ask);
  const { healthy } = record;
  if (record.phase !== 'AWAITING_CONFIRM' || healthy === undefined) {
    const detail = `run ${record.run} is ${record.phase}; only AWAITING_CONFIRM can be ${deed}`;
    return rest(machine, answer(ask, lgError('LG_ROLLBACK_NOT_CONFIRMABLE', detail)));
  }
  if (machine.doing?.stage.kind === 'refence') {
    const detail = `run ${record.run} is taken over after a restart; ask again in a moment`;
    return rest(machine, answer(ask, lgError('LG_ROLLBACK_NOT_CONFIRMABLE', detail)));
  }
  const unproved = whyTokenWrong(record, event, deed);
  if (unproved !== undefined) {
    return rest(machine, answer(ask, lgError('LG_ROLLBACK_TOKEN_WRONG', unproved)));
  }
  if (nonce !== undefined && !equalDigests(nonce, healthy.nonce)) {
    const detail = `the nonce given for run ${record.run} is not the one it shows now`;
    return rest(machine, answer(ask, lgError('LG_ROLLBACK_TOKEN_WRONG', detail)));
  }
  const expired = machine.stop ?? whyExpired(machine, at);
  if (expired === undefined) return undefined;
  const detail = `run ${record.run}: ${expired.why}`;
  const { decision, why, by: decider } = expired;
  const turned = decide(machine, at, { decision, why, by: decider });
  const told = answer(ask, lgError('LG_ROLLBACK_DECIDED', detail));
  return { ...turned, effects: [...turned.effects, ...told] };
}

/** Keeps who tried to confirm in vain, and why; whatever else the run is at goes on. */
function refused(
  machine: RunMachine,
  { ask, by, code, why }: Extract<Request, { kind: 'confirm-refused' }>,
  { at }: StepContext,
): Stepped {
  const { refusedConfirms = [] } = machine.record;
  if (refusedConfirms.length >= REFUSED_CONFIRMS_MAX) return rest(machine, answer(ask));
  const written = write(machine, { kind: 'confirm-refused', at: stamp(at), by, code, why });
  return rest(written.machine, [...written.effects, ...answer(ask)]);
}

/** Always safe: before anything was changed it ends the run, later it turns it back. */
function cancel(
  machine: RunMachine,
  event: Extract<Request, { kind: 'cancel' }>,
  { at }: StepContext,
): Stepped {
  const { record, doing } = machine;
  if (record.decided !== undefined || isTerminal(record.phase)) {
    return decidedAlready(machine, event.ask);
  }
  const stop = { decision: 'CANCEL', why: `cancelled by ${event.by}`, by: event.by } as const;
  const isWaiting = record.phase === 'AWAITING_CONFIRM' && doing?.stage.kind !== 'refence';
  const stepped = isWaiting ? decide(machine, at, stop) : stopSoon(machine, stop);
  return { ...stepped, effects: [...stepped.effects, ...answer(event.ask)] };
}

/** Stops at once when nothing is under way, else when the answer of what is under way is there. */
function stopSoon(machine: RunMachine, stop: Stop): Stepped {
  const next = { ...machine, stop: machine.stop ?? stop };
  return next.doing === undefined ? goOn(next) : rest(next);
}

/** The two ways out of NEEDS_OPERATOR; finishing to the target is a new plan after a release. */
function afterwards(
  machine: RunMachine,
  event: Extract<Request, { kind: 'resume' | 'release' }>,
  { at }: StepContext,
): Stepped {
  const { record } = machine;
  const { ask, by } = event;
  if (record.phase !== 'NEEDS_OPERATOR' || record.released !== undefined) {
    const detail = `run ${record.run} is ${record.phase} and needs no operator`;
    return rest(machine, answer(ask, lgError('LG_ROLLBACK_DECIDED', detail)));
  }
  if (event.kind === 'release') {
    const { reason } = event;
    const written = write(machine, { kind: 'released', at: stamp(at), by, reason });
    return rest(written.machine, [...written.effects, { kind: 'unlock' }, ...answer(ask)]);
  }
  const written = write(machine, { kind: 'resumed', at: stamp(at), by });
  // Hosts may know of a newer token than the one this run ended with, and would refuse it for good.
  const next = askFence(written.machine);
  return { ...next, effects: [...written.effects, ...answer(ask), ...next.effects] };
}

function decidedAlready(machine: RunMachine, ask: number): Stepped {
  const { run, phase, decided } = machine.record;
  const detail = `run ${run} is ${phase}${decided === undefined ? '' : `: ${decided.why}`}`;
  return rest(machine, answer(ask, lgError('LG_ROLLBACK_DECIDED', detail)));
}
