import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { serviceUrl } from '../../shop/layout.ts';
import type { DemoLayout } from '../shop/layout.ts';

/** What the customers of one second saw. */
export type SecondReport = {
  /** When the report arrived, in milliseconds of `Date.now()`. */
  readonly at: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly unanswered: number;
};

/** Customers at work. */
export type Customers = {
  readonly pid: number;
  /** Where each of them wrote down how the order ended. */
  readonly ledgerFile: string;
  /** Lets them wait for their last answers and go home. Stopping twice is stopping once. */
  readonly stop: () => Promise<void>;
};

/** Sends customers to the shop's gateway; `onSecond` is called with what they saw, each second. */
export function startCustomers(
  layout: DemoLayout,
  onSecond: (report: SecondReport) => void,
): Customers {
  const ledgerFile = join(layout.root, 'ledger.ndjson');
  appendFileSync(ledgerFile, '');
  const script = join(import.meta.dirname, 'load.ts');
  const child = spawn(process.execPath, [script, serviceUrl(layout, 'gateway'), ledgerFile], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  createInterface({ input: child.stdout }).on('line', (line) => onSecond(decodeReport(line)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid: child.pid ?? 0,
    ledgerFile,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function decodeReport(line: string): SecondReport {
  const parsed: unknown = JSON.parse(line);
  const counts = new Map<string, unknown>(
    typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [],
  );
  const count = (name: string): number => {
    const value = counts.get(name);
    if (typeof value !== 'number') throw new Error(`not a report of customers: ${line}`);
    return value;
  };
  return {
    at: Date.now(),
    acknowledged: count('acknowledged'),
    refused: count('refused'),
    unanswered: count('unanswered'),
  };
}
