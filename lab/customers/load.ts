import { randomInt, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createLately } from './lately.ts';
import { openLedger } from '../../shop/ledger.ts';
import { placeOrder } from './place-order.ts';

/** Five orders a second are enough to see a fault in two, and leave a small machine room. */
const orderEveryMs = 200;
const reportEveryMs = 1_000;
/** Ten may wait when the shop is silent (five a second, two seconds of patience); more is a bug. */
const waitingMax = 40;

const skus = ['teapot', 'cup', 'saucer', 'spoon', 'tray'] as const;

/**
 * The customers, a process of their own: `node load.ts SHOP_URL FOLDER`. Orders steadily until
 * SIGTERM, then waits for the last answers. In FOLDER it keeps `ledger.ndjson` with every order and
 * `lately.json` with the last seconds; each order that fails is an error line on standard output.
 */
async function main(shopUrl: string, folder: string): Promise<void> {
  const enter = openLedger(join(folder, 'ledger.ndjson'));
  const lately = createLately(join(folder, 'lately.json'));
  tell('info', `ordering at ${shopUrl}`);
  const waiting = new Set<Promise<void>>();
  const order = async (): Promise<void> => {
    const sku = skus[randomInt(skus.length)] ?? 'cup';
    const wanted = { id: randomUUID(), sku, quantity: 1 + randomInt(4) };
    const { outcome, why } = await placeOrder(shopUrl, wanted);
    const at = Date.now();
    enter({ ...wanted, outcome, at });
    lately.add(outcome, at);
    if (outcome !== 'acknowledged') tell('error', `order ${wanted.id} ${outcome}: ${why}`);
  };
  const ordering = setInterval(() => {
    if (waiting.size >= waitingMax) return;
    const pending = order().finally(() => waiting.delete(pending));
    waiting.add(pending);
  }, orderEveryMs);
  const reporting = setInterval(() => lately.write(Date.now()), reportEveryMs);
  await new Promise<void>((resolve) => process.once('SIGTERM', () => resolve()));
  clearInterval(ordering);
  await Promise.allSettled(waiting);
  clearInterval(reporting);
  process.exit(0);
}

function tell(level: 'info' | 'error', message: string): void {
  const line = { time: new Date().toISOString(), level, service: 'customers', message };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

await main(process.argv[2] ?? '', process.argv[3] ?? '');
