import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CalmShop } from './calm-shop.ts';

/** A shop two of whose states travel together; the second is as wanted already. */
function shopWithCompanion(): CalmShop {
  const shop = new CalmShop();
  const [first, second] = shop.hosts.states;
  assert.ok(first !== undefined && second !== undefined);
  second.image = second.target;
  shop.relatedTo = (state) =>
    state === first.id ? [second.id] : state === second.id ? [first.id] : [];
  return shop;
}

function change(shop: CalmShop): void {
  const [, second] = shop.hosts.states;
  assert.ok(second !== undefined);
  shop.hosts.disturb(second, shop.random, 0);
}

test('a member that was equal at planning and has changed makes the plan stale', async () => {
  const shop = shopWithCompanion();
  const plan = shop.plan();
  const [, second] = shop.hosts.states;
  assert.ok(plan.content.steps.every(({ state }) => state !== second?.id));
  change(shop);
  assert.equal(await shop.refusal(plan), 'LG_ROLLBACK_PLAN_STALE');
  assert.equal(shop.hosts.mutations, 0);
});

test('a member that changes while P is taken ends the run with nothing changed', async () => {
  const shop = shopWithCompanion();
  shop.change = (world) => ({
    takeBefore: (run, states, limit) => {
      change(shop);
      return world.takeBefore(run, states, limit);
    },
  });
  shop.boot();
  const end = await shop.reach((await shop.start()).run, 'ABORTED');
  assert.equal(end.code, 'LG_ROLLBACK_PLAN_STALE');
  assert.equal(shop.hosts.mutations, 0);
});

test('a member that nobody changes is held by the run, and nobody else gets it', async () => {
  const shop = shopWithCompanion();
  const plan = shop.plan();
  const [, second] = shop.hosts.states;
  const { run } = await shop.start(plan);
  assert.equal(shop.daemon.holderOf(second?.id ?? ''), run);
  shop.daemon.stop();
  shop.boot();
  await shop.wait(shop.daemon.recoverAll());
  assert.equal(shop.daemon.holderOf(second?.id ?? ''), run, 'also after a restart');
  await shop.until(async () => (await shop.see(run)).endedAt !== undefined);
  assert.equal(shop.daemon.holderOf(second?.id ?? ''), undefined);
});

test('a member changed by somebody before the confirm turns the run back, named', async () => {
  const shop = shopWithCompanion();
  const [, second] = shop.hosts.states;
  let isChanged = false;
  shop.change = (world) => ({
    async apply(...call) {
      const applied = await world.apply(...call);
      if (!isChanged) change(shop);
      isChanged = true;
      return applied;
    },
  });
  shop.boot();
  const end = await shop.reach((await shop.start()).run, 'REVERTED');
  assert.match(
    end.why ?? '',
    new RegExp(`${second?.id}, which travels with what was changed, was changed by somebody else`),
  );
});

test('a member changed by somebody after it is told of, and what healed stays', async () => {
  const shop = shopWithCompanion();
  const [, second] = shop.hosts.states;
  const { run, token } = await shop.start();
  const { nonce = '' } = await shop.reach(run, 'AWAITING_CONFIRM');
  change(shop);
  await shop.wait(shop.daemon.confirm(run, token, nonce, 'ann'));
  const end = await shop.reach(run, 'COMMITTED');
  assert.equal(end.byHand.length, 1);
  assert.match(end.byHand[0] ?? '', new RegExp(`^${second?.id}, which travels with`));
  const told = shop.notices.find(({ title }) => title.endsWith('ended COMMITTED'));
  assert.equal(told?.urgency, 'critical');
});

test('silence keeps nothing beside a member that somebody has changed', async () => {
  const shop = shopWithCompanion();
  const goals = [{ check: 'trigger errors', component: 'c0' }];
  const { run } = await shop.start(shop.plan({ goals, onSilence: 'keep-if-healed' }));
  await shop.reach(run, 'AWAITING_CONFIRM');
  change(shop);
  const end = await shop.reach(run, 'REVERTED');
  assert.equal(end.decision, 'EXPIRE');
});
