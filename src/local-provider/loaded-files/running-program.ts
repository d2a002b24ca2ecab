import { readFileSync, statSync } from 'node:fs';
import { livingProcess, processNumbers } from '../../linux/live/processes.ts';
import { TICK_MS, type ProcessStat } from '../../linux/process-stat.ts';
import type { Clock } from '../../ports/clock.ts';

/** A program that a pid file names, and when it last loaded its files. */
export interface RunningProgram {
  readonly pid: number;
  /** Names the load once and for all: the newest process that serves, by pid and start. */
  readonly load: string;
  /** Wall time of that load in milliseconds, to about `LOAD_MS_EXACT`. */
  readonly loadedMs: number;
}

/** The kernel counts starts of processes and its uptime in hundredths of a second. */
export const LOAD_MS_EXACT = 20;

/** The kernel keeps so many characters of a program's name. */
const NAME_CHARS = 15;

/**
 * The program whose pid stands in the file; undefined when it does not run. A program that loads
 * files anew starts new workers, so its newest child tells when that was; one without children
 * tells by its own start.
 */
export function findProgram(
  pidFile: string,
  program: string,
  clock: Clock,
): RunningProgram | undefined {
  const main = mainProcess(pidFile, program);
  if (main === undefined) return undefined;
  const own = processes().filter((one) => one.parent === main.pid && one.name === main.name);
  const newest = own.toSorted((a, b) => b.startedTicks - a.startedTicks || b.pid - a.pid)[0];
  const { pid: by, startedTicks } = newest ?? main;
  const agoMs = clock.uptimeMs() - startedTicks * TICK_MS;
  return {
    pid: main.pid,
    load: `${clock.bootId()} ${by} ${startedTicks}`,
    loadedMs: Date.now() - agoMs,
  };
}

/** The user whose program it is; undefined when it does not run. */
export function programOwner(pidFile: string, program: string): number | undefined {
  const main = mainProcess(pidFile, program);
  if (main === undefined) return undefined;
  return statSync(`/proc/${main.pid}`, { throwIfNoEntry: false })?.uid;
}

function mainProcess(pidFile: string, program: string): ProcessStat | undefined {
  const pid = readPid(pidFile);
  const main = pid === undefined ? undefined : livingProcess(pid);
  const name = program.slice(program.lastIndexOf('/') + 1).slice(0, NAME_CHARS);
  // Another program may have got the number of one that ended.
  return main?.name === name ? main : undefined;
}

function readPid(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'latin1').trim());
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    // Most programs remove it when they end.
    return undefined;
  }
}

function processes(): readonly ProcessStat[] {
  return processNumbers().flatMap((pid) => livingProcess(pid) ?? []);
}
