import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrap } from '../../src/base/result.ts';
import type { Plan } from '../../src/model/run/plan.ts';
import { CalmShop } from './calm-shop.ts';

const lossy = (shop: CalmShop): Plan => shop.plan({}, { approval: 'orders would be lost' });

/** A run of a plan that somebody rejected. */
async function reject(shop: CalmShop, plan: Plan): Promise<string> {
  const { run } = await shop.start(plan);
  unwrap(await shop.wait(shop.daemon.reject(run, 'bob', 'today is a sale')));
  await shop.reach(run, 'ABORTED');
  return run;
}

test('a plan that was rejected cannot be started where the journal cannot be read', async () => {
  const shop = new CalmShop();
  const plan = lossy(shop);
  const run = await reject(shop, plan);
  assert.equal(await shop.refusal(plan), 'LG_ROLLBACK_REJECTED');
  const store = shop.store.forProcess(() => true);
  shop.daemon.stop();
  unwrap(await store.drop(`run/${run}`));
  unwrap(await store.append(`run/${run}`, 0, [{ kind: 'from another version' }]));
  shop.boot();
  assert.equal(await shop.refusal(plan), 'LG_ROLLBACK_REJECTION_UNKNOWN');
  assert.equal(shop.where(), 'before');

  // What is planned anew cannot be what was rejected then, and what needs no word never was.
  await shop.wait(shop.clock.sleep(1_000));
  assert.equal(await shop.refusal({ ...lossy(shop), id: 'pln_2' }), undefined);
});

test('a plan that was rejected is refused, however many runs began since', async () => {
  const shop = new CalmShop();
  const plan = lossy(shop);
  await reject(shop, plan);
  for (let at = 0; at < 60; at += 1) {
    await shop.wait(shop.clock.sleep(1_000));
    await reject(shop, { ...lossy(shop), id: `pln_other_${at}` });
  }
  assert.equal(await shop.refusal(plan), 'LG_ROLLBACK_REJECTED');
});

test('a run that waits for the second word has no deadline yet, only a length', async () => {
  const shop = new CalmShop();
  const plan = lossy(shop);
  const { run, deadline, confirmTimeoutMs } = await shop.start(plan);
  assert.equal(deadline, null);
  assert.equal(confirmTimeoutMs, 600_000);
  assert.equal((await shop.see(run)).deadline, undefined);
  await shop.wait(shop.clock.sleep(500_000));
  unwrap(await shop.wait(shop.daemon.approve(run, 'bob', plan.planHash)));
  const waiting = await shop.reach(run, 'AWAITING_CONFIRM');
  const leftMs = Date.parse(waiting.deadline ?? '') - Date.parse(plan.createdAt) - 500_000;
  assert.ok(leftMs >= confirmTimeoutMs, `${leftMs} ms from the approval on`);
});
