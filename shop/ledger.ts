import { fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';

/**
 * One order as its customer saw it end: `acknowledged` (the shop said yes: it must exist),
 * `refused` (the shop said no), or `unanswered` (no answer in time: it may exist or not).
 */
export type LedgerEntry = {
  readonly id: string;
  readonly sku: string;
  readonly quantity: number;
  readonly outcome: 'acknowledged' | 'refused' | 'unanswered';
  /** When it ended, milliseconds since 1970. */
  readonly at: number;
};

/** Opens the ledger for writing; an entry is on disk when the function returns. */
export function openLedger(file: string): (entry: LedgerEntry) => void {
  const handle = openSync(file, 'a', 0o644);
  return (entry) => {
    writeSync(handle, `${JSON.stringify(entry)}\n`);
    fdatasyncSync(handle);
  };
}

/** Reads the ledger as it is now; a line that is just being written is left out. */
export function readLedger(file: string): readonly LedgerEntry[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map(decodeEntry);
}

function decodeEntry(line: string): LedgerEntry {
  const parsed: unknown = JSON.parse(line);
  if (!isEntry(parsed)) throw new Error(`not a ledger entry: ${line}`);
  return parsed;
}

function isEntry(value: unknown): value is LedgerEntry {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'id' in value &&
    typeof value.id === 'string' &&
    'sku' in value &&
    typeof value.sku === 'string' &&
    'quantity' in value &&
    typeof value.quantity === 'number' &&
    'at' in value &&
    typeof value.at === 'number' &&
    'outcome' in value &&
    ['acknowledged', 'refused', 'unanswered'].some((outcome) => outcome === value.outcome)
  );
}
