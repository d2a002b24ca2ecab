import { isExpired, remainingMs, type Instant } from '../../../model/run/instant.ts';
import type { ActResult } from './act.ts';
import { COMMIT_BUDGET_MS_MAX } from './limits.ts';
import type { RunMachine, Stage, Stepped } from './machine.ts';
import { untouched } from './mutate.ts';
import { begin } from './stepped.ts';

/** A dead-man looks at its deadline several times a second; on a choking host it is this late. */
const DEAD_MAN_LATE_MS = 60_000;

/**
 * The host runner does not know P as what it captured, and never will: whoever prepared the run was
 * not it. The dead-man that was armed with P needs nobody's word, so its time is waited for, and
 * only then it is taken away, which waits for one at work. Undefined where there is none to wait
 * for, or where its time has passed: then a person is needed.
 */
export function leaveToDeadMan(
  machine: RunMachine,
  stage: Stage,
  result: ActResult,
  at: Instant,
): Stepped | undefined {
  const { arming, told, deadline } = machine.record;
  const isUnknown = result.kind === 'failed' && result.code === 'LG_PROVIDER_IMAGE_UNKNOWN';
  if (stage.kind !== 'apply' || !isUnknown) return undefined;
  const [first] = arming;
  if (first === undefined || deadline === undefined) return undefined;
  // It was armed for this much longer than the run itself may wait.
  const later = Math.min(COMMIT_BUDGET_MS_MAX, deadline.afterMs);
  const afterMs = (told ?? deadline).afterMs + later;
  const itsDeadline = { ...deadline, afterMs };
  if (isExpired(itsDeadline, at)) return undefined;
  const ms = remainingMs(itsDeadline, at) + DEAD_MAN_LATE_MS;
  // Nothing was changed: nobody shall believe that we still owe this step.
  const clean = untouched(machine, stage, result.why, at);
  const left = [first, ...arming];
  const waiting = { ...clean.machine, queue: [], back: [] };
  return begin(
    waiting,
    { kind: 'disarm', left, then: 'plan' },
    { kind: 'pause', ms },
    clean.effects,
  );
}
