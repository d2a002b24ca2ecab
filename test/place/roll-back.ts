import assert from 'node:assert/strict';
import { confirmedRun } from './confirmed-run.ts';
import { member, type CommandEnd, type RealDaemon } from './real-daemon.ts';

/** Takes a checkpoint of everything and answers its id. */
export async function takeCheckpoint(daemon: RealDaemon): Promise<string> {
  const taken = await daemon.run(['checkpoint', 'take']);
  assert.equal(taken.code, 0, taken.complaint);
  return String(member(taken.printed[0], 'id'));
}

/** Plans, applies and confirms; answers the plan as it was shown, and how the run ended. */
export async function rollBack(
  daemon: RealDaemon,
  checkpoint: string,
): Promise<{ readonly shown: string; readonly end: CommandEnd }> {
  const planned = await daemon.run(['rollback', 'plan', checkpoint]);
  assert.equal(planned.code, 0, planned.complaint);
  const id = String(member(planned.printed[0], 'id'));
  const end = await confirmedRun(daemon, ['rollback', 'apply', id]);
  assert.equal(end.code, 0, end.complaint);
  assert.equal(member(end.printed.at(-1), 'state'), 'COMMITTED');
  return { shown: JSON.stringify(planned.printed[0]), end };
}
