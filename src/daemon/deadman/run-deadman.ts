import { openKeyFile } from '../../adapters/keyrings/file/file-keyring.ts';
import { PROVIDERS } from '../../adapters/registry.ts';
import type { ExitCode } from '../../base/error.ts';
import { unwrap } from '../../base/result.ts';
import { runDeadMan } from '../../runner/deadman/run-deadman.ts';
import { lockFolder } from '../folder-lock.ts';
import { hostClock } from '../host-clock.ts';
import { anchorFolder } from '../host/anchor-folder.ts';
import { commandEnv } from '../host/command-env.ts';
import { isOwnProgram } from '../host/own-program.ts';
import { processLog } from '../process-log.ts';
import { deadManDisk } from '../recovery-reserve.ts';
import { leaveGroups } from './control-group.ts';
import { NAMED_LATER, readName } from './named-later.ts';

/** How a dead-man is asked to run; the host runner that arms it says so. */
export interface DeadManOptions {
  /** `NAMED_LATER`: it is still to be heard. */
  readonly run: string;
  readonly folder: string;
  readonly keyFile: string;
  /** Whether it is to leave the daemon's control groups by itself. */
  readonly leavesGroups: boolean;
  /** Whether its order is still to come. */
  readonly isAhead: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** The host is shut down, or somebody ends it: an armed timer ends, a revert goes on. */
  readonly signal: AbortSignal;
}

/** Stands by for one run. Exit code 0: disarmed, or everything is as before; 5: not everything. */
export async function standByForRun(options: DeadManOptions): Promise<ExitCode> {
  const { folder, keyFile, leavesGroups, isAhead, env, signal } = options;
  if (leavesGroups) leaveGroups();
  const run = options.run === NAMED_LATER ? await readName(process.stdin, signal) : options.run;
  // Nobody came, or whoever started us is gone: there is nothing to watch over.
  if (run === undefined) return 0;
  // The process lives as long as this, so the descriptor is never collected.
  const anchored = await anchorFolder(folder);
  const report = await runDeadMan({
    run,
    folder: anchored.folder,
    ...deadManDisk(anchored.folder),
    keyring: unwrap(await openKeyFile(keyFile)),
    providers: PROVIDERS,
    lock: lockFolder,
    clock: hostClock(),
    log: processLog('deadman', 'info'),
    commandEnv: commandEnv(env),
    isOurs: isOwnProgram,
    isAhead,
    signal,
  });
  await anchored.handle.close();
  return Object.values(report ?? {}).every((outcome) => outcome === 'before') ? 0 : 5;
}
