import { assert } from '../../../base/assert.ts';
import { toSecond } from '../../../base/time.ts';
import { CONFIRM_MS_MAX } from '../../../model/run/confirm-time.ts';
import { remainingMs, type Deadline, type Instant } from '../../../model/run/instant.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { whyExpired } from './apply.ts';
import type { ActResult } from './act.ts';
import type { RunEvent } from './event.ts';
import { COMMIT_BUDGET_MS_MAX, PAUSED_MS_MAX } from './limits.ts';
import type { RunMachine, Stage, Stepped } from './machine.ts';
import { answer, begin, decide, goOn, rest, stamp, stampOf, write } from './stepped.ts';

/**
 * More time for whoever decides. Every timer learns of it before the run counts on it: a crash in
 * between leaves timers that fire later than the run itself gives up, which is how they are armed.
 */
export function extend(
  machine: RunMachine,
  { ask, by, seconds }: Extract<RunEvent, { kind: 'extend' }>,
  at: Instant,
): Stepped {
  const { record } = machine;
  const { run, deadline } = record;
  assert(deadline !== undefined, 'a run that waits for a decision has a deadline');
  const longest = { ...deadline, afterMs: CONFIRM_MS_MAX };
  const afterMs = deadline.afterMs + seconds * 1000;
  if (afterMs > CONFIRM_MS_MAX) {
    const more = Math.max(0, Math.floor((CONFIRM_MS_MAX - deadline.afterMs) / 1000));
    const detail =
      `run ${run} can be given ${more} s more, not ${seconds} s: it waits until ` +
      `${toSecond(stampOf(longest))} at most, an hour after its first change`;
    return rest(machine, answer(ask, lgError('LG_ROLLBACK_NOT_EXTENDED', detail)));
  }
  const until = { ...deadline, afterMs };
  const written = write(machine, { kind: 'extending', at: stamp(at), by, deadline: until });
  const stage = { kind: 'extend', ask, by, until } as const;
  return begin(written.machine, stage, tellTimers(machine, until, at), written.effects);
}

/** Timers wait for the commit, too, as they were armed; writers also until all is back. */
function tellTimers(
  { record }: RunMachine,
  until: Deadline,
  at: Instant,
): Parameters<typeof begin>[2] {
  const { fence, arming: states, writers, plan } = record;
  const { confirmTimeoutMs } = plan.content;
  const leftMs = remainingMs(until, at);
  const deviceMs = leftMs + Math.min(COMMIT_BUDGET_MS_MAX, confirmTimeoutMs);
  const pausedMs = leftMs + confirmTimeoutMs + COMMIT_BUDGET_MS_MAX;
  return {
    kind: 'extend',
    fence,
    states,
    writers,
    seconds: Math.ceil(deviceMs / 1000),
    pausedSeconds: Math.ceil(Math.min(pausedMs, PAUSED_MS_MAX) / 1000),
  };
}

/** All timers wait longer, so the run may; or one does not, and the deadline stays as it is. */
export function extendActed(
  machine: RunMachine,
  { ask, by, until }: Extract<Stage, { kind: 'extend' }>,
  result: ActResult,
  at: Instant,
): Stepped {
  const { run } = machine.record;
  const late = machine.stop ?? whyExpired(machine, at);
  // Whoever asked is answered by the decision.
  if (late !== undefined) return decide(machine, at, late);
  if (result.kind === 'failed') {
    const detail = `run ${run}: ${result.why}`;
    return goOn(machine, answer(ask, lgError('LG_ROLLBACK_NOT_EXTENDED', detail)));
  }
  const written = write(machine, { kind: 'extended', at: stamp(at), by, deadline: until });
  const title = `Rollback ${run} was given more time`;
  const text = `By ${by}: it waits for confirmation until ${toSecond(stampOf(until))}.`;
  const notice = { urgency: 'info', title, text } as const;
  const told = [{ kind: 'notify', notice } as const, ...answer(ask)];
  return goOn({ ...written.machine, noticed: 0 }, [...written.effects, ...told]);
}
