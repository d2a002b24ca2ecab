import { readdirSync, readFileSync } from 'node:fs';
import { parseProcessStat, type ProcessStat } from '../process-stat.ts';

/** The numbers of all processes there are now. */
export function processNumbers(): readonly number[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

/** What is known of a process, collected by its parent or not; undefined when there is none. */
export function processStat(pid: number): ProcessStat | undefined {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return undefined;
  }
}

/** As `processStat`, of a process that has not ended. */
export function livingProcess(pid: number): ProcessStat | undefined {
  const stat = processStat(pid);
  return stat?.state === 'Z' || stat?.state === 'X' ? undefined : stat;
}
