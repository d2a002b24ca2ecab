import { readdirSync, readFileSync } from 'node:fs';
import { parseProcessStat, type ProcessStat } from '../linux/process-stat.ts';

/** When a process was started, in clock ticks since boot; undefined when there is none. */
export function startOf(pid: number): string | undefined {
  return statOf(pid)?.startedTicks.toString();
}

/** Whether a process has ended, collected by its parent or not. */
export function isGone(pid: number): boolean {
  const stat = statOf(pid);
  return stat === undefined || stat.state === 'Z' || stat.state === 'X';
}

/** The living processes of a group. */
export function membersOf(group: number): readonly number[] {
  return pids().filter((pid) => statOf(pid)?.group === group && !isGone(pid));
}

/** The living processes whose first environment held a setting such as `NAME=value`. */
export function processesWith(setting: string): readonly number[] {
  return pids().filter((pid) => {
    try {
      const settings = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
      return settings.includes(setting) && !isGone(pid);
    } catch {
      // Gone meanwhile, or somebody else's.
      return false;
    }
  });
}

function pids(): readonly number[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

function statOf(pid: number): ProcessStat | undefined {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return undefined;
  }
}
