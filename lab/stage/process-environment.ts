import { readFileSync } from 'node:fs';

/** The environment a process was started with, `NAME=value`; empty for one that is gone or not ours. */
export function readEnvironment(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
