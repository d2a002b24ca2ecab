import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { callSupervisor } from '../../shop/supervisor-call.ts';
import { buildShop } from '../shop/build-shop.ts';
import { freePorts } from '../shop/free-ports.ts';
import { ordersDatabase } from '../shop/layout.ts';
import type { DemoLayout } from '../shop/layout.ts';
import { startShop } from '../shop/start-shop.ts';
import type { RunningShop } from '../shop/start-shop.ts';
import { startCustomers } from './start-customers.ts';
import { verifyOrders } from './verify.ts';

const root = mkdtempSync(join(tmpdir(), 'customers-test-'));
let layout: DemoLayout;
let shop: RunningShop;

before(async () => {
  const ports = await freePorts(5);
  const [payment = 0, catalog = 0, checkout = 0, gateway = 0, otlp = 0] = ports;
  const otlpUrl = `http://127.0.0.1:${otlp}`;
  layout = buildShop({ root, ports: { payment, catalog, checkout, gateway }, otlpUrl });
  shop = await startShop(root);
});

after(async () => {
  await shop.stop();
  rmSync(root, { recursive: true });
});

test('no acknowledged order is lost through a restart, and a lost one would be found', async () => {
  let acknowledged = 0;
  let secondsSeen = 0;
  let noticed = (): void => undefined;
  const customers = startCustomers(layout, (report) => {
    acknowledged += report.acknowledged;
    secondsSeen += 1;
    noticed();
  });
  const seconds = (count: number): Promise<void> =>
    new Promise((resolve) => {
      noticed = () => (secondsSeen >= count ? resolve() : undefined);
    });
  await seconds(1);
  await callSupervisor(root, { command: 'restart', service: 'checkout' });
  await seconds(3);
  await customers.stop();

  const found = verifyOrders(customers.ledgerFile, ordersDatabase(root));
  assert.ok(acknowledged > 20, `only ${acknowledged} orders were acknowledged in three seconds`);
  assert.ok(found.acknowledged >= acknowledged);
  assert.deepEqual(found.lost, []);

  const database = new DatabaseSync(ordersDatabase(root));
  const first = database.prepare('SELECT id FROM orders LIMIT 1').get()?.['id'];
  database.prepare('DELETE FROM orders WHERE id = ?').run(String(first));
  database.close();
  const after = verifyOrders(customers.ledgerFile, ordersDatabase(root));
  assert.deepEqual(after.lost, [first]);
});
