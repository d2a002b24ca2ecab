import { appendFileSync, readFileSync } from 'node:fs';

/**
 * One order as its customer saw it end: `acknowledged` (the shop said yes: it must exist),
 * `refused` (the shop said no), or `unanswered` (no answer in time: it may exist or not).
 */
export type LedgerEntry = {
  readonly id: string;
  readonly sku: string;
  readonly quantity: number;
  readonly outcome: 'acknowledged' | 'refused' | 'unanswered';
};

/** Writes one entry at the end of the ledger, at once: a customer does not forget a yes. */
export function appendToLedger(file: string, entry: LedgerEntry): void {
  appendFileSync(file, `${JSON.stringify(entry)}\n`);
}

/** Reads the whole ledger; throws with the line that is not an entry. */
export function readLedger(file: string): readonly LedgerEntry[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => decodeEntry(line));
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
    'outcome' in value &&
    ['acknowledged', 'refused', 'unanswered'].some((outcome) => outcome === value.outcome)
  );
}
