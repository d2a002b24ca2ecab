import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { LedgerEntry } from '../../shop/ledger.ts';

/** What the customers saw in the last seconds. */
export type LatelySeen = {
  /** When it was written, milliseconds since 1970. */
  readonly at: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly unanswered: number;
};

/** Long enough that five orders a second say something, short enough that a cure is seen soon. */
const windowMs = 3_000;

/** Counts how orders end and writes the last seconds to a file, whole at any moment. */
export function createLately(file: string): {
  readonly add: (outcome: LedgerEntry['outcome'], at: number) => void;
  readonly write: (now: number) => void;
} {
  let ends: { readonly outcome: LedgerEntry['outcome']; readonly at: number }[] = [];
  return {
    add: (outcome, at) => void ends.push({ outcome, at }),
    write: (now) => {
      ends = ends.filter(({ at }) => at > now - windowMs);
      const count = (wanted: LedgerEntry['outcome']): number =>
        ends.filter(({ outcome }) => outcome === wanted).length;
      const seen: LatelySeen = {
        at: now,
        acknowledged: count('acknowledged'),
        refused: count('refused'),
        unanswered: count('unanswered'),
      };
      writeFileSync(`${file}.new`, JSON.stringify(seen));
      renameSync(`${file}.new`, file);
    },
  };
}

/** Reads what `write` wrote; throws with the file when it is something else. */
export function readLately(file: string): LatelySeen {
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const found = new Map<string, unknown>(
    typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [],
  );
  const number = (name: string): number => {
    const value = found.get(name);
    if (typeof value !== 'number') throw new Error(`${file}: ${name} is no number: ${value}`);
    return value;
  };
  return {
    at: number('at'),
    acknowledged: number('acknowledged'),
    refused: number('refused'),
    unanswered: number('unanswered'),
  };
}
