import assert from 'node:assert/strict';
import { test } from 'node:test';

import { err } from '../../src/base/result.ts';
import { lgError } from '../../src/model/errors/lg-error.ts';
import { CalmShop, codeOf } from './calm-shop.ts';

test("a third party's change is kept, and a person gets map and commands", async () => {
  const shop = new CalmShop();
  const { run } = await shop.start();
  await shop.reach(run, 'VERIFYING');
  const state = shop.hosts.states.at(-1);
  assert.ok(state !== undefined);
  shop.hosts.disturb(state, shop.random, shop.clock.trueMs);
  const theirs = JSON.stringify(state.image);
  await shop.wait(shop.daemon.cancel(run, 'ann'));
  const end = await shop.reach(run, 'NEEDS_OPERATOR');
  assert.equal(JSON.stringify(state.image), theirs);
  assert.equal(end.progress.find((one) => one.state === state.id)?.at, 'foreign');
  assert.ok(end.byHand.some((line) => line.startsWith('write ')));
  assert.equal(shop.daemon.holderOf(state.id), run);
  // The person takes the stranger's change away and lets the engine finish.
  state.image = state.target;
  assert.equal(codeOf(await shop.wait(shop.daemon.resume(run, 'ann'))), undefined);
  await shop.until(async () => (await shop.see(run)).state === 'REVERTED');
  assert.equal(shop.where(), 'before');
});

test('a run that needs an operator stays locked over restarts until it is accepted', async () => {
  const shop = new CalmShop();
  const { run } = await shop.start();
  await shop.reach(run, 'VERIFYING');
  const [state] = shop.hosts.states;
  assert.ok(state !== undefined);
  shop.hosts.disturb(state, shop.random, shop.clock.trueMs);
  await shop.wait(shop.daemon.cancel(run, 'ann'));
  await shop.reach(run, 'NEEDS_OPERATOR');
  shop.daemon.stop();
  shop.boot();
  await shop.wait(shop.daemon.recoverAll());
  assert.equal(shop.daemon.holderOf(state.id), run);
  await shop.wait(shop.daemon.release(run, 'ann', 'it is better so'));
  assert.equal(shop.daemon.holderOf(state.id), undefined);
  assert.equal((await shop.see(run)).released, 'it is better so');
});

test('a run may still be confirmed after a restart, with its own token', async () => {
  const shop = new CalmShop();
  const { run, token } = await shop.start();
  await shop.reach(run, 'AWAITING_CONFIRM');
  shop.daemon.stop();
  shop.boot();
  await shop.wait(shop.daemon.recoverAll());
  const { nonce = '' } = await shop.reach(run, 'AWAITING_CONFIRM');
  await shop.until(async () => {
    const answer = await shop.wait(shop.daemon.confirm(run, token, nonce, 'ann'));
    return answer.ok;
  });
  await shop.reach(run, 'COMMITTED');
});

test('a wall clock that goes back, and another boot, count as expired', async () => {
  for (const trouble of ['jump', 'reboot'] as const) {
    const shop = new CalmShop();
    const { run } = await shop.start();
    await shop.reach(run, 'AWAITING_CONFIRM');
    if (trouble === 'jump') shop.clock.jump(-3_600_000);
    shop.daemon.stop();
    if (trouble === 'reboot') shop.clock.reboot();
    shop.boot();
    await shop.wait(shop.daemon.recoverAll());
    const end = await shop.reach(run, 'REVERTED');
    assert.equal(end.decision, 'EXPIRE', trouble);
  }
});

test('on a full disk nothing is changed, and the run goes on once there is room', async () => {
  const shop = new CalmShop();
  const { run } = await shop.start();
  shop.store.faults = { crash: 0, full: 1, lostAnswer: 0 };
  await shop.until(() => shop.clock.trueMs > 60_000);
  assert.equal(shop.hosts.mutations, 0);
  shop.store.faults = { crash: 0, full: 0, lostAnswer: 0 };
  await shop.reach(run, 'AWAITING_CONFIRM');
});

test('an append whose answer was lost is not taken for somebody else', async () => {
  const shop = new CalmShop();
  const { run } = await shop.start();
  shop.store.faults = { crash: 0, full: 0, lostAnswer: 1 };
  await shop.reach(run, 'AWAITING_CONFIRM');
});

test('a run whose state nobody knows any more waits for an operator, not for ever', async () => {
  const shop = new CalmShop();
  const { run } = await shop.start();
  await shop.reach(run, 'AWAITING_CONFIRM');
  shop.daemon.stop();
  const gone = async () => err(lgError('LG_PROVIDER_UNKNOWN', 'it is not configured any more'));
  shop.change = () => ({ fence: gone, observe: gone });
  shop.boot();
  await shop.wait(shop.daemon.recoverAll());
  const end = await shop.reach(run, 'NEEDS_OPERATOR');
  assert.match(end.why ?? '', /not configured any more/);
  assert.ok(end.progress.every(({ at }) => at === 'unknown'));
  assert.ok(end.byHand.some((line) => line.startsWith('lastgood checkpoint export ')));
});
