import type { RunMoment } from '../../model/run/run.ts';
import type { RunEntry } from '../../model/run/run-journal.ts';
import { beginRecord, foldEntry } from './step/record.ts';

/** When a run came to each of its states, from the entries of its journal in their order. */
export function historyOf(entries: readonly RunEntry[]): readonly RunMoment[] {
  const [first, ...rest] = entries;
  if (first?.kind !== 'planned') return [];
  let record = beginRecord(first);
  const moments: RunMoment[] = [{ state: record.phase, at: first.at }];
  for (const entry of rest) {
    const before = record.phase;
    record = foldEntry(record, entry);
    if (record.phase !== before) moments.push({ state: record.phase, at: entry.at });
  }
  return moments;
}
