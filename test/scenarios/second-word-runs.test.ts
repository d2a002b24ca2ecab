import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CalmShop, codeOf } from './calm-shop.ts';

test('a plan with losses waits for the word of somebody else', async () => {
  const shop = new CalmShop();
  const plan = shop.plan({}, { approval: 'it is lossy' });
  const { run } = await shop.start(plan);
  await shop.reach(run, 'AWAITING_APPROVAL');
  const { daemon } = shop;
  const own = await shop.wait(daemon.approve(run, 'ann', plan.planHash));
  assert.equal(codeOf(own), 'LG_ROLLBACK_APPROVAL_NEEDED');
  const other = await shop.wait(daemon.approve(run, 'bob', 'another'));
  assert.equal(codeOf(other), 'LG_ROLLBACK_PLAN_STALE');
  assert.equal(shop.where(), 'before', 'nothing is changed while it waits');
  assert.equal(codeOf(await shop.wait(daemon.approve(run, 'bob', plan.planHash))), undefined);
  const waiting = await shop.reach(run, 'AWAITING_CONFIRM');
  assert.equal(waiting.approval?.by, 'bob');
});

test('people are told what a waiting run would lose, of which plan, how to answer', async () => {
  const shop = new CalmShop();
  const risks = ['orders: 12 rows would be lost.'];
  const plan = shop.plan({}, { approval: 'it is lossy', risks });
  const { run } = await shop.start(plan);
  const { approval, requestedBy } = await shop.reach(run, 'AWAITING_APPROVAL');
  assert.deepEqual([requestedBy, approval?.why, approval?.risks], ['ann', 'it is lossy', risks]);
  const [notice] = shop.notices;
  assert.equal(notice?.title, `Rollback ${run} waits for your word`);
  for (const part of [...risks, plan.planHash, `rollback approve ${run}`, `reject ${run}`]) {
    assert.ok(notice?.text.includes(part), part);
  }
});

test('what the second person rejects ends with nothing changed and says why', async () => {
  const shop = new CalmShop();
  const { run } = await shop.start(shop.plan({}, { approval: 'it is lossy' }));
  await shop.reach(run, 'AWAITING_APPROVAL');
  const { daemon } = shop;
  assert.equal(codeOf(await shop.wait(daemon.reject(run, 'bob', 'not today'))), undefined);
  const end = await shop.reach(run, 'ABORTED');
  assert.deepEqual([end.why, end.code], ['rejected by bob: not today', 'LG_ROLLBACK_REJECTED']);
  assert.equal(shop.where(), 'before');
  const late = await shop.wait(daemon.reject(run, 'bob', 'again'));
  assert.equal(codeOf(late), 'LG_ROLLBACK_DECIDED');
});

test('a broken glass replaces the second word, and everybody is told why', async () => {
  const shop = new CalmShop();
  const plan = shop.plan({}, { approval: 'it is lossy' });
  const { run } = await shop.start(plan, { by: 'ann', breakGlass: 'nobody else is awake' });
  const waiting = await shop.reach(run, 'AWAITING_CONFIRM');
  assert.equal(waiting.approval?.breakGlass, 'nobody else is awake');
  assert.ok(waiting.before !== undefined, 'P was taken all the same');
  const told = shop.notices.find(({ title }) => title.includes('breaking the glass'));
  assert.equal(told?.urgency, 'critical');
  assert.match(told.text, /ann says why: nobody else is awake\. .*it is lossy/);
});

test('without that word the plan is void after its time', async () => {
  const shop = new CalmShop();
  const { run } = await shop.start(shop.plan({}, { approval: 'it is lossy' }));
  const end = await shop.reach(run, 'ABORTED');
  assert.equal(end.code, 'LG_ROLLBACK_PLAN_EXPIRED');
  assert.equal(shop.where(), 'before');
});
