import { formatDuration } from '../../base/time.ts';
import { CONFIRM_MS, CONFIRM_MS_MAX } from '../../model/run/confirm-time.ts';
import { WATCHING_SHARE_MAX } from '../../model/run/watching-share.ts';
import type { FoundProblem } from '../problem.ts';
import type { Config } from '../schema.ts';

/** Batches that no plan has the time for: every rollback of several components would be refused. */
export function batchProblems({ components, rollback }: Config): readonly FoundProblem[] {
  const { batches, confirmTimeout = CONFIRM_MS, gate } = rollback;
  const withState = components?.filter(({ state }) => state.length > 0).length;
  const isOneBatch = batches.canary === 0 && batches.size === 'all';
  if (isOneBatch || withState === 0 || withState === 1) return [];
  const roundsMs = (gate.samples - 1) * gate.interval;
  // The least there is: one batch that is watched, and the gate after the last.
  const neededMs = Math.max(roundsMs, batches.soak + batches.jitter) + roundsMs;
  if (neededMs <= confirmTimeout * WATCHING_SHARE_MAX) return [];
  const leastMs = Math.ceil(neededMs / WATCHING_SHARE_MAX / 1000) * 1000;
  const longer = `write confirmTimeout: ${formatDuration(leastMs)} or more, or less soak`;
  const advice = leastMs <= CONFIRM_MS_MAX ? longer : 'write less soak';
  const message =
    `watching two batches takes ${formatDuration(neededMs)} (soak ` +
    `${formatDuration(batches.soak)}, jitter ${formatDuration(batches.jitter)} and the gate), ` +
    `more than half of confirmTimeout (${formatDuration(confirmTimeout)}), so every rollback of ` +
    `several components would be refused; ${advice}`;
  return [{ path: ['rollback', 'batches', 'soak'], message }];
}
