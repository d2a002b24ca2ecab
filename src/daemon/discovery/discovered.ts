import { existsSync } from 'node:fs';
import { lookAtJournal, readMachineId } from '../../adapters/sources/journald/journal-access.ts';
import { discoverLogs, tellsKernel, type DiscoveredLogs } from './discover-logs.ts';
import { lookAtLogs } from './look-at-logs.ts';

/** Where the programs of a host log. */
const LOG_FOLDER = '/var/log';

/** What to read of each log that was found rather than named: what led to now, not last year. */
export const LOOK_BACK_BYTES = 1024 * 1024;

/** The sources of a host that nobody configured. */
export interface Discovered {
  /** There is a journal, whether it may be read or not. */
  readonly hasJournal: boolean;
  /** There is a kernel's log that no journal or file tells, whether it may be read or not. */
  readonly hasKernelLog: boolean;
  readonly logs: readonly DiscoveredLogs[];
}

/** Looks what this host has to read. Reads only, takes milliseconds. */
export function discover(): Discovered {
  const { kind } = lookAtJournal(undefined, readMachineId());
  const seen = lookAtLogs(LOG_FOLDER);
  const logs = discoverLogs({ ...seen, hasJournal: kind === 'readable' });
  const hasJournal = kind !== 'absent';
  const isTold = hasJournal || tellsKernel(seen.top);
  return { hasJournal, hasKernelLog: !isTold && existsSync('/dev/kmsg'), logs };
}
