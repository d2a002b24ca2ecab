import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CalmShop } from './calm-shop.ts';

const GOALS = [{ check: 'trigger errors', component: 'c0' }];

/** What became of how many items, and why. */
async function reported(shop: CalmShop, run: string) {
  const { report } = await shop.see(run);
  assert.ok(report !== undefined, 'a run that has ended has a report');
  const whys = new Set([...report.skipped, ...report.failed].map(({ why }) => why));
  return { ...report, whys: [...whys] };
}

test('a committed run counts what it changed and what was equal already', async () => {
  const shop = new CalmShop();
  const plan = shop.plan({ goals: GOALS, onSilence: 'keep-if-healed' });
  const { run } = await shop.start(plan);
  await shop.reach(run, 'COMMITTED');
  const { changed, equal, skipped, failed } = await reported(shop, run);
  const wanted = shop.hosts.states.flatMap(({ target }) => target.items).length;
  const same = equal.reduce((sum, { items }) => sum + items, 0);
  assert.deepEqual({ skipped, failed }, { skipped: [], failed: [] });
  assert.ok(changed.length > 0 && changed.length + same >= wanted, 'every item is told of');
  const told = new Set([...changed, ...equal].map(({ state }) => state));
  const states = shop.hosts.states.map(({ id }) => id);
  assert.deepEqual([...told].toSorted(), states.toSorted(), 'every state is told of');
});

test('of a run that went back nothing counts as changed', async () => {
  const shop = new CalmShop({ heals: false });
  const { run } = await shop.start(shop.plan({ goals: GOALS }));
  assert.equal((await shop.see(run)).report, undefined, 'nothing is certain before its end');
  await shop.reach(run, 'REVERTED');
  const { changed, failed, whys } = await reported(shop, run);
  assert.deepEqual({ changed, failed }, { changed: [], failed: [] });
  assert.match(whys.join(), /^changed and taken back: not healed: trigger errors[^,]*$/);
});

test('the step that failed is told of apart from what was not reached', async () => {
  const shop = new CalmShop({ failClean: 1 });
  const { run } = await shop.start(shop.plan());
  await shop.reach(run, 'REVERTED');
  const { changed, skipped, failed } = await reported(shop, run);
  const [first, ...others] = shop.hosts.states.map(({ id }) => id);
  assert.deepEqual(changed, []);
  assert.deepEqual([...new Set(failed.map(({ state }) => state))], [first]);
  const left = skipped.filter(({ why }) => why.startsWith('not reached: '));
  assert.deepEqual([...new Set(left.map(({ state }) => state))], others);
});

test('a run that a person has to finish tells of what somebody else has changed', async () => {
  const shop = new CalmShop();
  const { run } = await shop.start();
  await shop.reach(run, 'VERIFYING');
  const state = shop.hosts.states.at(-1);
  assert.ok(state !== undefined);
  shop.hosts.disturb(state, shop.random, shop.clock.trueMs);
  await shop.reach(run, 'NEEDS_OPERATOR');
  const { failed } = await reported(shop, run);
  assert.deepEqual([...new Set(failed.map((one) => one.state))], [state.id]);
  const why = `changed by somebody else: this or another item of ${state.id}`;
  assert.deepEqual([...new Set(failed.map((one) => one.why))], [why]);
});

test('a run that has ended tells when it came to each of its states', async () => {
  const shop = new CalmShop();
  const plan = shop.plan({ goals: GOALS, onSilence: 'keep-if-healed' });
  const { run } = await shop.start(plan);
  await shop.reach(run, 'COMMITTED');
  const { history = [], startedAt, endedAt } = await shop.see(run);
  const states = 'PLANNED PREPARING APPLYING VERIFYING AWAITING_CONFIRM COMMITTING COMMITTED';
  assert.equal(history.map(({ state }) => state).join(' '), states);
  assert.deepEqual([history[0]?.at, history.at(-1)?.at], [startedAt, endedAt]);
  const times = history.map(({ at }) => at);
  assert.deepEqual(times, times.toSorted());
});
