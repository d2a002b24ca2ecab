import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { callJson } from '../../shop/json-call.ts';
import { configFile, serviceUrl } from '../../shop/layout.ts';
import { callSupervisor } from '../../shop/supervisor-call.ts';
import { buildShop } from './build-shop.ts';
import { changeSettings, deployRelease, halfDoneMigration, killService } from './faults.ts';
import { freePorts } from './free-ports.ts';
import { ordersDatabase } from './layout.ts';
import type { DemoLayout } from './layout.ts';
import { openOrders } from './orders.ts';
import { startShop } from './start-shop.ts';
import type { RunningShop } from './start-shop.ts';

const root = mkdtempSync(join(tmpdir(), 'shop-test-'));
/** What the shop exported, by path: raw bytes in which names and texts stand as they are. */
const exported = new Map<string, Buffer[]>();
const collector = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const path = request.url ?? '';
    exported.set(path, [...(exported.get(path) ?? []), ...chunks]);
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
});
let layout: DemoLayout;
let shop: RunningShop;
let orderCount = 0;

before(async () => {
  const otlpPort = await new Promise<number>((resolve) => {
    collector.listen(0, '127.0.0.1', () => {
      const address = collector.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const [payment = 0, catalog = 0, checkout = 0, gateway = 0] = await freePorts(4);
  const ports = { payment, catalog, checkout, gateway };
  layout = buildShop({ root, ports, otlpUrl: `http://127.0.0.1:${otlpPort}` });
  shop = await startShop(root);
});

after(async () => {
  await shop.stop();
  collector.closeAllConnections();
  collector.close();
  rmSync(root, { recursive: true });
});

async function order(quantity: number): Promise<{ id: string; status: number }> {
  orderCount += 1;
  const id = `order-${orderCount}`;
  const url = `${serviceUrl(layout, 'gateway')}/orders`;
  const body = { id, sku: 'cup', quantity };
  const answer = await callJson(url, { method: 'POST', body, timeoutMs: 5_000 });
  return { id, status: answer.status };
}

describe('the shop', () => {
  test('an order that was acknowledged is in the database with its total', async () => {
    const { id, status } = await order(3);
    assert.equal(status, 201);
    const orders = openOrders(ordersDatabase(root));
    assert.equal(orders.find(id)?.total, 3 * 790);
    orders.close();
  });

  test('release v2 of checkout refuses orders for one and takes the others', async () => {
    const undo = await deployRelease(layout, 'checkout', 'v2');
    assert.equal((await order(1)).status, 502);
    assert.equal((await order(2)).status, 201);
    await undo();
    assert.equal((await order(1)).status, 201);
  });

  test('the half-done migration breaks orders without a restart, its undo mends them', async () => {
    const before = readFileSync(configFile(root, 'catalog'), 'utf8');
    const undos = [
      changeSettings(layout, 'catalog', halfDoneMigration.catalog),
      changeSettings(layout, 'payment', halfDoneMigration.payment),
    ];
    await untilOrder(502);
    for (const undo of undos) await undo();
    await untilOrder(201);
    assert.equal(readFileSync(configFile(root, 'catalog'), 'utf8'), before);
  });

  test('a killed payment stays dead and breaks orders until it is restarted', async () => {
    const restart = await killService(layout, 'payment');
    await untilOrder(502);
    const states = await callSupervisor(root, { command: 'status' });
    assert.equal(states.get('payment'), undefined);
    await restart();
    assert.equal((await order(1)).status, 201);
  });

  test('logs, spans and metrics leave with the names of service and release', async () => {
    await callSupervisor(root, { command: 'restart', service: 'checkout' });
    for (const path of ['/v1/logs', '/v1/traces', '/v1/metrics']) {
      await untilExported(path, /service\.name.*checkout/s);
      await untilExported(path, /service\.instance\.id/);
    }
    await untilExported('/v1/logs', /Reduce of empty array/);
    await untilExported('/v1/traces', /service\.peer\.name/);
    await untilExported('/v1/metrics', /shop\.orders/);
  });
});

/** Orders until one ends with `status`: services look at their files some times a second. */
async function untilOrder(status: number): Promise<void> {
  const seen: number[] = [];
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await order(4);
    if (answer.status === status) return;
    seen.push(answer.status);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`no order ended with ${status}, but with ${seen.join(' ')}`);
}

/** Waits until the collector has been sent a pattern: telemetry leaves in batches. */
async function untilExported(path: string, pattern: RegExp): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const text = Buffer.concat(exported.get(path) ?? []).toString('latin1');
    if (pattern.test(text)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`${path} was never sent ${pattern}`);
}
