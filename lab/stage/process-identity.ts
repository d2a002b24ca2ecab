import { readFileSync, readdirSync } from 'node:fs';

/** One process and no other: its number may be given again, but not with the same start time. */
export type ProcessIdentity = {
  readonly pid: number;
  /** Clock ticks since boot, field 22 of `/proc/PID/stat`. */
  readonly startTime: string;
  readonly bootId: string;
};

/** What the lab needs of `/proc/PID/stat`. */
export type ProcessStat = {
  readonly pid: number;
  readonly state: string;
  readonly session: number;
  readonly startTime: string;
};

/** Reads one process; undefined when it is gone. */
export function readProcess(pid: number): ProcessStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name in parentheses may itself hold parentheses and blanks.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = '', , , session = ''] = fields;
  return { pid, state, session: Number(session), startTime: fields[19] ?? '' };
}

/** Every process of the machine that still runs; what only waits to be reaped is left out. */
export function readProcesses(): readonly ProcessStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? [])
    .filter(isRunning);
}

/** True for a process that is neither dead nor waiting to be reaped. */
const isRunning = ({ state }: ProcessStat): boolean => state !== 'Z' && state !== 'X';

/** The identity of a process that runs; undefined when it is gone already. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = readProcess(pid);
  return stat && { pid, startTime: stat.startTime, bootId: bootId() };
}

/** True when exactly this process still runs. */
export function isAlive({ pid, startTime, bootId: boot }: ProcessIdentity): boolean {
  const stat = readProcess(pid);
  return stat !== undefined && isRunning(stat) && stat.startTime === startTime && boot === bootId();
}

/** Names this start of the machine: nothing recorded under another one can still run. */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
