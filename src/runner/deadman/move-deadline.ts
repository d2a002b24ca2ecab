import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { isExpired, remainingMs } from '../../model/run/instant.ts';
import { instantOf, type Clock } from '../../ports/clock.ts';
import type { RunFolder } from './run-folder.ts';

/**
 * Gives a watch at least so many seconds from now, durably once this answers; never fewer than it
 * has. A dead-man looks at its clock before it reads the file, so one that fires has read a
 * deadline that had passed by then: as the old one has not passed even after the new one was
 * written, nobody fires by the old one any more, not even a process that was stopped in between.
 */
export async function moveDeadline(
  at: RunFolder,
  run: string,
  seconds: number,
  clock: Clock,
): Promise<Result<void>> {
  const file = await at.readRun();
  if (file === undefined || (await at.readEnd()) !== undefined) {
    return err(lgError('LG_PROVIDER_TIMER', `the watch over ${run} has ended`));
  }
  const now = instantOf(clock);
  const afterMs = seconds * 1000;
  if (isExpired(file.deadline, now)) return tooLate(run);
  if (remainingMs(file.deadline, now) >= afterMs) return ok(undefined);
  await at.writeRun({ ...file, deadline: { set: now, afterMs } });
  if (isExpired(file.deadline, instantOf(clock))) return tooLate(run);
  if ((await at.readEnd()) === undefined) return ok(undefined);
  return err(lgError('LG_PROVIDER_TIMER', `the watch over ${run} has ended`));
}

function tooLate(run: string): Result<never> {
  return err(lgError('LG_PROVIDER_TIMER', `the time of the watch over ${run} is up`));
}
