import { readFileSync } from 'node:fs';

/** What a process was started with, as `NAME=value`; empty for one that is gone or not ours. */
export function readEnvironment(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
