import assert from 'node:assert/strict';
import { test } from 'node:test';

import { endIn, witnessed } from './witnessed-shop.ts';

test('the canary is watched before the rest is touched, and the rest is done at once', async () => {
  const { shop, seen } = witnessed({}, (world) => ({
    async sample(checks, limit) {
      seen.push('sample');
      return world.sample(checks, limit);
    },
  }));
  await endIn(shop, 'COMMITTED');
  const states = shop.hosts.states.map(({ id }) => id);
  assert.ok(states.length > 2, 'two batches of one state prove too little');
  const told = seen.filter((one) => one === 'sample' || one.startsWith('apply'));
  const first = told.slice(0, told.indexOf(`apply ${states[1]}`));
  const applied = first.filter((one) => one.startsWith('apply'));
  assert.deepEqual([...new Set(applied)], [`apply ${states[0]}`]);
  // One round was the baseline; the soak of ten seconds takes a round each second.
  assert.ok(first.filter((one) => one === 'sample').length > 10, first.join());
  const rest = told.slice(first.length, told.lastIndexOf(`apply ${states.at(-1)}`));
  assert.ok(!rest.includes('sample'), rest.join());
});

test('a canary that turns a guard red keeps the rest untouched', async () => {
  const { shop, seen } = witnessed({}, (world, of) => ({
    async sample(checks, limit) {
      const round = await world.sample(checks, limit);
      const isHarmed = of.where() !== 'before';
      return round.map((one) => (isHarmed ? { ...one, color: 'red', seen: '500' } : one));
    },
  }));
  const { run } = await shop.start();
  const end = await shop.reach(run, 'REVERTED');
  const [canary] = shop.hosts.states;
  const touched = new Set(seen.filter((one) => one.startsWith('apply')));
  assert.deepEqual([...touched], [`apply ${canary?.id}`]);
  assert.match(end.why ?? '', /^batch 1 of 2 \(c0\): something that was healthy before is not/);
  assert.equal(shop.where(), 'before');
});

test('a canary that does not stay as wanted keeps the rest untouched', async () => {
  const { shop, seen } = witnessed();
  const [canary] = shop.hosts.states;
  assert.ok(canary !== undefined);
  const stop = shop.daemon.subscribe(({ state, progress }) => {
    if (state !== 'APPLYING' || progress[0]?.at !== 'target') return;
    stop();
    shop.hosts.disturb(canary, shop.random, shop.clock.trueMs);
  });
  const end = await shop.reach((await shop.start()).run, 'NEEDS_OPERATOR');
  const touched = new Set(seen.filter((one) => one.startsWith('apply')));
  assert.deepEqual([...touched], [`apply ${canary.id}`]);
  assert.equal(end.decision, 'CANCEL');
});

test('a canary that somebody changes while it is watched keeps the rest untouched', async () => {
  let rounds = 0;
  const { shop, seen } = witnessed({}, (world, of) => ({
    async sample(checks, limit) {
      rounds += 1;
      const [canary] = of.hosts.states;
      assert.ok(canary !== undefined);
      if (rounds === 5) of.hosts.disturb(canary, of.random, of.clock.trueMs);
      return world.sample(checks, limit);
    },
  }));
  const end = await shop.reach((await shop.start()).run, 'NEEDS_OPERATOR');
  const touched = new Set(seen.filter((one) => one.startsWith('apply')));
  assert.deepEqual([...touched], [`apply ${shop.hosts.states[0]?.id}`]);
  assert.match(end.why ?? '', /^c0\/files was changed by somebody else$/);
});
