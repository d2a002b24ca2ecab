import assert from 'node:assert/strict';
import { test } from 'node:test';

import { unwrap } from '../../src/base/result.ts';
import { CalmShop } from '../scenarios/calm-shop.ts';

test('who tries again is heard by hosts that were told of a newer token meanwhile', async () => {
  const shop = new CalmShop();
  const [first] = shop.hosts.states;
  assert.ok(first !== undefined);
  const { run } = await shop.start();
  await shop.reach(run, 'AWAITING_CONFIRM');
  first.broken = true;
  await shop.reach(run, 'NEEDS_OPERATOR');
  // Another daemon had begun to take the run over, and was slower to write that down.
  const store = shop.store.forProcess(() => true);
  const token = unwrap(await store.fence('rollback', run));
  for (const state of shop.hosts.states) state.fence = token;
  first.broken = false;
  unwrap(await shop.wait(shop.daemon.resume(run, 'ann')));
  await shop.reach(run, 'REVERTED');
  assert.equal(shop.where(), 'before');
});
