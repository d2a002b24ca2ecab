import type { StateSpec } from '../../model/component/component.ts';
import { attemptCapture, type AttemptParts, type CaptureAttempt } from './capture-attempt.ts';

/** Tries at one state that moves; by itself it is read in a fraction of the time of all. */
const TRIES_MAX = 3;

/**
 * Captures states one after the other, each looked at again right after: what is the same in both
 * looks was not torn, though no instant is common to all. The order is the caller's.
 */
export async function captureInOrder(
  states: readonly StateSpec[],
  parts: AttemptParts,
): Promise<CaptureAttempt> {
  const attempts: CaptureAttempt[] = [];
  for (const state of states) {
    let attempt = await attemptCapture([state], parts);
    for (let tries = 1; tries < TRIES_MAX && attempt.unstable.size > 0; tries += 1) {
      attempt = await attemptCapture([state], parts);
    }
    attempts.push(attempt);
  }
  const [first] = attempts;
  const last = attempts.at(-1);
  if (first === undefined || last === undefined) return attemptCapture([], parts);
  return {
    captured: new Map(attempts.flatMap(({ captured }) => [...captured])),
    failures: new Map(attempts.flatMap(({ failures }) => [...failures])),
    unstable: new Set(attempts.flatMap(({ unstable }) => [...unstable])),
    capturedFrom: first.capturedFrom,
    capturedTo: last.capturedTo,
  };
}
