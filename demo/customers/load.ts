import { randomInt, randomUUID } from 'node:crypto';
import { callJson } from '../../shop/json-call.ts';
import { openLedger } from '../../shop/ledger.ts';
import type { LedgerEntry } from '../../shop/ledger.ts';

/** A new order every 50 ms is twenty a second, whether or not the shop keeps up. */
const orderEveryMs = 50;
/** Customers give up after this. */
const patienceMs = 2_000;
/** Twenty a second for two seconds of patience is forty; more than this waiting is our own bug. */
const waitingMax = 200;
const reportEveryMs = 1_000;

const skus = ['teapot', 'cup', 'saucer', 'spoon', 'tray'] as const;
/** Half the customers want one of a thing, which is what round one's release forgets. */
const quantities = [1, 1, 1, 2, 3, 4] as const;

/** What the customers of the last second saw, printed once a second as one JSON line. */
type Report = { acknowledged: number; refused: number; unanswered: number };

/**
 * The customers, a process of their own: `node load.ts GATEWAY_URL LEDGER_FILE`. Orders steadily
 * until SIGTERM or until standard input ends, then waits for the last answers.
 */
async function main(gatewayUrl: string, ledgerFile: string): Promise<void> {
  const enter = openLedger(ledgerFile);
  let report: Report = { acknowledged: 0, refused: 0, unanswered: 0 };
  const waiting = new Set<Promise<void>>();
  const order = async (): Promise<void> => {
    const sku = skus[randomInt(skus.length)] ?? 'cup';
    const wanted = { id: randomUUID(), sku, quantity: quantities[randomInt(6)] ?? 1 };
    const outcome = await placeOrder(gatewayUrl, wanted);
    enter({ ...wanted, outcome, at: Date.now() });
    report[outcome] += 1;
  };
  const ordering = setInterval(() => {
    if (waiting.size >= waitingMax) return;
    const pending = order().finally(() => waiting.delete(pending));
    waiting.add(pending);
  }, orderEveryMs);
  const reporting = setInterval(() => {
    process.stdout.write(`${JSON.stringify(report)}\n`);
    report = { acknowledged: 0, refused: 0, unanswered: 0 };
  }, reportEveryMs);
  await stopRequested();
  clearInterval(ordering);
  clearInterval(reporting);
  await Promise.allSettled(waiting);
  process.exit(0);
}

async function placeOrder(
  gatewayUrl: string,
  body: Omit<LedgerEntry, 'outcome' | 'at'>,
): Promise<LedgerEntry['outcome']> {
  try {
    const url = `${gatewayUrl}/orders`;
    const answer = await callJson(url, { method: 'POST', body, timeoutMs: patienceMs });
    return answer.status === 201 ? 'acknowledged' : 'refused';
  } catch {
    return 'unanswered';
  }
}

function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.stdin.once('end', () => resolve());
    process.stdin.once('error', () => resolve());
    process.stdout.once('error', () => resolve());
    process.stdin.resume();
  });
}

await main(process.argv[2] ?? '', process.argv[3] ?? '');
