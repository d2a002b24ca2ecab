import { sha256 } from '../../../base/hash.ts';
import type { StateItem } from '../../../model/checkpoint/capture.ts';
import { programName, type RunningProcess } from './processes.ts';
import { sectionItem } from './section.ts';

/** What is asked of systemd. */
export const UNITS_QUERY = [
  'systemctl',
  'list-units',
  '--type=service',
  '--all',
  '--plain',
  '--no-legend',
  '--no-pager',
  '--full',
] as const;

/** Units that come and go with people's sessions. */
const SESSION_UNIT = /^(user@|user-runtime-dir@|session-)/;

/** The services of `UNITS_QUERY` that run, ran to their end as they should, or failed. */
export function unitItems(output: string): readonly StateItem[] {
  return output.split('\n').flatMap((line) => {
    const [unit = '', , active = '', sub = ''] = line.trim().split(/\s+/);
    const isSettled = active === 'active' || active === 'failed';
    if (!unit.endsWith('.service') || !isSettled || SESSION_UNIT.test(unit)) return [];
    return [sectionItem('services', unit, { type: 'unit', name: unit, state: sub })];
  });
}

/** Digits of the hash that tells one set of arguments from another; the words may hold secrets. */
const HASH_DIGITS = 8;

/** Long-lived programs by name and a hash of their arguments; equal ones are one item. */
export function processItems(processes: readonly RunningProcess[]): readonly StateItem[] {
  const items = new Map<string, StateItem>();
  for (const one of processes) {
    const name = programName(one);
    const args = sha256(one.words.slice(1).join('\0')).slice(0, HASH_DIGITS);
    const key = `${name}#${args}`;
    items.set(key, sectionItem('services', key, { type: 'process', name, arguments: args }));
  }
  return [...items.values()];
}
