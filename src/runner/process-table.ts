import { readFileSync } from 'node:fs';
import { systemCode } from '../base/error.ts';
import { livingProcess, processNumbers, processStat } from '../linux/live/processes.ts';
import { parseSwitches } from '../linux/process-status.ts';

/** When a process was started, in clock ticks since boot; undefined when there is none. */
export function startOf(pid: number): string | undefined {
  return processStat(pid)?.startedTicks.toString();
}

/** Whether a process has ended, collected by its parent or not. */
export function isGone(pid: number): boolean {
  return livingProcess(pid) === undefined;
}

/** A process once and for all: numbers are used again, and another one starts at another time. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly start: string;
}

/** Whether exactly this process lives; one that was stopped does. */
export function isAlive({ pid, start }: ProcessIdentity): boolean {
  return startOf(pid) === start && !isGone(pid);
}

/** Whether a process was stopped (SIGSTOP, Ctrl-Z) and not continued. */
export function isStopped(pid: number): boolean {
  return processStat(pid)?.state === 'T';
}

/** How often a process has given the processor up by itself; undefined when there is none. */
export function switchesOf(pid: number): number | undefined {
  try {
    return parseSwitches(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return undefined;
  }
}

/** The process that has a number now. */
export function identityOf(pid: number): ProcessIdentity {
  return { pid, start: startOf(pid) ?? '' };
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return identityOf(process.pid);
}

/** Ends a process for good, stopped or not; one that has ended, or is another one now, is left. */
export function endProcess(identity: ProcessIdentity): void {
  if (isAlive(identity)) kill(identity.pid);
}

/** Kills by number; gone meanwhile, or somebody else's, who is waited for, is fine. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (thrown) {
    if (systemCode(thrown) !== 'ESRCH' && systemCode(thrown) !== 'EPERM') throw thrown;
  }
}

/** The living processes of a group. */
export function membersOf(group: number): readonly number[] {
  return processNumbers().filter((pid) => livingProcess(pid)?.group === group);
}

/** The living processes whose first environment held a setting such as `NAME=value`. */
export function processesWith(setting: string): readonly number[] {
  return processNumbers().filter((pid) => {
    try {
      const settings = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
      return settings.includes(setting) && !isGone(pid);
    } catch {
      // Gone meanwhile, or somebody else's.
      return false;
    }
  });
}
