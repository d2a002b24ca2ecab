import { setTimeout as delay } from 'node:timers/promises';
import { err, ok, type Result } from '../../base/result.ts';
import { sharedGroup } from '../../linux/control-group.ts';
import { ownControlGroups } from '../../linux/live/own-groups.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { ProviderCapabilities } from '../../ports/provider.ts';
import { isAlive, type ProcessIdentity } from '../process-table.ts';
import type { Armed, RunFolder } from './run-folder.ts';
import type { StartSpare } from './spare.ts';

/** How a host runner starts a dead-man, and what it outlives. */
export interface DeadManLauncher {
  /**
   * Starts `lastgood deadman RUN` apart from us; `ahead`: before there is anything to watch over.
   * Undefined when there is no process, which the log is told of. Throws when there is no folder of
   * the run.
   */
  launch(run: string, when?: 'ahead'): ProcessIdentity | undefined;
  /** Starts one that hears later of which run it is. Absent: none is ever kept in waiting. */
  readonly spare?: StartSpare;
  readonly survives: ProviderCapabilities['confirmSurvives'];
}

/** How often it is looked whether a process has answered or ended. */
const LOOK_MS = 20;

/** Whom to start. */
interface WantedDeadMan {
  readonly at: RunFolder;
  readonly run: string;
  readonly states: number;
  /** The process that was started ahead of its order. */
  readonly ahead: ProcessIdentity | undefined;
}

/**
 * Starts the dead-man of a run unless it lives, and answers with its word that it watches over so
 * many states. A process that ends before it has said so is noticed at the next look.
 */
export async function startDeadMan(
  { at, run, states, ahead }: WantedDeadMan,
  launcher: DeadManLauncher,
  signal: AbortSignal,
): Promise<Result<Armed>> {
  const first = await at.readArmed();
  let process = [first, ahead].find((one) => one !== undefined && isAlive(one));
  process ??= launcher.launch(run);
  for (;;) {
    // Asked before its word is read: whoever says it is ready and ends then is seen to have ended.
    const isThere = process !== undefined && isAlive(process);
    const armed = await at.readArmed();
    if (armed !== undefined && armed.states >= states && isAlive(armed)) {
      return survivesAsSaid(run, armed, launcher);
    }
    if (process === undefined || (!isThere && process !== ahead)) {
      return notReady(run, 'ended before it was ready');
    }
    // Started ahead, it may have had enough of waiting just before its order came.
    if (!isThere) process = launcher.launch(run);
    if (signal.aborted || (await at.readEnd()) !== undefined) {
      return notReady(run, 'did not say it is ready');
    }
    await delay(LOOK_MS);
  }
}

function notReady(run: string, what: string): Result<never> {
  return err(lgError('LG_PROVIDER_TIMER', `the dead-man of ${run} ${what}`));
}

/** Whoever ends the daemon ends its control groups; what was promised must be in none of them. */
function survivesAsSaid(run: string, armed: Armed, launcher: DeadManLauncher): Result<Armed> {
  if (!launcher.survives.includes('daemon')) return ok(armed);
  const shared = sharedGroup(ownControlGroups(), armed.cgroup);
  if (shared === undefined) return ok(armed);
  const group = `${shared.path}${shared.hierarchy === '' ? '' : ` (${shared.hierarchy})`}`;
  return notReady(run, `was to leave the daemon's control group ${group} and did not`);
}
