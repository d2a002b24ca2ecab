import assert from 'node:assert/strict';
import { test } from 'node:test';

import { err, ok } from '../../src/base/result.ts';
import type { CheckpointId } from '../../src/model/checkpoint/checkpoint.ts';
import { lgError } from '../../src/model/errors/lg-error.ts';
import { CalmShop, codeOf } from './calm-shop.ts';

const GOALS = [{ check: 'trigger errors', component: 'c0' }];

test('a confirmed run leaves the target, and its token is kept nowhere', async () => {
  const shop = new CalmShop();
  const { run, token } = await shop.start();
  const waiting = await shop.reach(run, 'AWAITING_CONFIRM');
  assert.ok(waiting.nonce !== undefined && waiting.before !== undefined);
  const confirmed = await shop.wait(shop.daemon.confirm(run, token, waiting.nonce, 'ann'));
  assert.equal(codeOf(confirmed), undefined);
  const end = await shop.reach(run, 'COMMITTED');
  assert.equal(shop.where(), 'target');
  assert.equal(end.nonce, undefined);
  assert.ok(!JSON.stringify(shop.store.entries(`run/${run}`)).includes(token));
  assert.equal(shop.daemon.holderOf(shop.hosts.states[0]?.id ?? ''), undefined);
});

test('a writer who cannot be paused is named once, whoever tells of it', async () => {
  for (const [told, why] of [
    ['g: sh took longer than 5 ms', 'g: sh took longer than 5 ms'],
    ['the host does not answer', 'g: the host does not answer'],
  ] as const) {
    const shop = new CalmShop();
    const [{ id = '' } = {}] = shop.hosts.states;
    shop.change = () => ({
      writers: () => [{ state: id, name: 'g', freeze: ['stop'], unfreeze: ['go'] }],
      pause: async () => err(lgError('LG_PROVIDER_PAUSE', told)),
      resume: async () => ok(undefined),
    });
    shop.boot();
    const { run } = await shop.start();
    const end = await shop.reach(run, 'ABORTED');
    assert.ok(end.why?.includes(why), end.why);
    assert.doesNotMatch(end.why ?? '', /g: g:/);
  }
});

test('a wrong token, a wrong nonce and a second decision are refused', async () => {
  const shop = new CalmShop();
  const { run, token } = await shop.start();
  const early = await shop.wait(shop.daemon.confirm(run, token, '', 'ann'));
  assert.equal(codeOf(early), 'LG_ROLLBACK_NOT_CONFIRMABLE');
  const { nonce = '' } = await shop.reach(run, 'AWAITING_CONFIRM');
  const { daemon } = shop;
  const wrong = await shop.wait(daemon.confirm(run, 'guess', nonce, 'eve'));
  assert.equal(codeOf(wrong), 'LG_ROLLBACK_TOKEN_WRONG');
  const stale = await shop.wait(daemon.confirm(run, token, 'seen before', 'ann'));
  assert.equal(codeOf(stale), 'LG_ROLLBACK_TOKEN_WRONG');
  assert.equal(codeOf(await shop.wait(daemon.confirm(run, token, nonce, 'ann'))), undefined);
  assert.equal(codeOf(await shop.wait(daemon.cancel(run, 'ann'))), 'LG_ROLLBACK_DECIDED');
  await shop.reach(run, 'COMMITTED');
  const again = await shop.wait(daemon.confirm(run, token, nonce, 'ann'));
  assert.equal(codeOf(again), 'LG_ROLLBACK_DECIDED');
});

test('silence reverts at the deadline, and people are told twice before', async () => {
  const shop = new CalmShop();
  const { run } = await shop.start();
  const end = await shop.reach(run, 'REVERTED');
  assert.equal(shop.where(), 'before');
  assert.equal(end.decision, 'EXPIRE');
  const told = shop.notices.map(({ text }) => text);
  assert.ok(told.some((text) => text.startsWith('50 % of the time')));
  assert.ok(told.some((text) => text.startsWith('80 % of the time')));
});

test('what is healed is kept without a word when that was asked for', async () => {
  const shop = new CalmShop();
  const plan = shop.plan({ goals: GOALS, onSilence: 'keep-if-healed' });
  const end = await shop.reach((await shop.start(plan)).run, 'COMMITTED');
  assert.equal(end.healed, true);
  assert.equal(shop.where(), 'target');
});

test('a rollback that does not heal goes back and says that it did not help', async () => {
  const shop = new CalmShop({ heals: false });
  const plan = shop.plan({ goals: GOALS, onSilence: 'keep-if-healed' });
  const end = await shop.reach((await shop.start(plan)).run, 'REVERTED');
  assert.equal(end.healed, false);
  assert.match(end.why ?? '', /^not healed: trigger errors/);
  assert.equal(shop.where(), 'before');
});

test('a run that ran out of time says what kept it from being confirmed', async () => {
  const shop = new CalmShop({ heals: false });
  const plan = shop.plan({ goals: GOALS, confirmTimeoutMs: 30_000 });
  const end = await shop.reach((await shop.start(plan)).run, 'REVERTED');
  assert.match(end.why ?? '', /^not confirmed within 30 s, and could not be: .*trigger errors/);
  assert.equal(end.healed, false, 'nobody is to try the same again unasked');
});

test('a stale plan is refused before there is a run', async () => {
  const shop = new CalmShop();
  const plan = shop.plan();
  const [state] = shop.hosts.states;
  assert.ok(state !== undefined);
  shop.hosts.disturb(state, shop.random, 0);
  assert.equal(await shop.refusal(plan), 'LG_ROLLBACK_PLAN_STALE');
  assert.equal(shop.hosts.mutations, 0);
  assert.deepEqual(await shop.wait(shop.daemon.list()), ok([]));
});

test('a plan that goes stale while it is prepared aborts with nothing changed', async () => {
  const shop = new CalmShop();
  const [state] = shop.hosts.states;
  assert.ok(state !== undefined);
  shop.change = (world) => ({
    takeBefore: (run, states, limit) => {
      shop.hosts.disturb(state, shop.random, shop.clock.trueMs);
      return world.takeBefore(run, states, limit);
    },
  });
  shop.boot();
  const end = await shop.reach((await shop.start()).run, 'ABORTED');
  assert.equal(end.code, 'LG_ROLLBACK_PLAN_STALE');
  assert.equal(shop.hosts.mutations, 0);
});

test('a plan that was altered, or is too old, is refused', async () => {
  const shop = new CalmShop();
  const plan = shop.plan();
  const altered = { ...plan, content: { ...plan.content, confirmTimeoutMs: 1 } };
  assert.equal(await shop.refusal(altered), 'LG_ROLLBACK_PLAN_STALE');
  shop.clock.trueMs += 901_000;
  assert.equal(await shop.refusal(plan), 'LG_ROLLBACK_PLAN_EXPIRED');
});

test('two runs never touch one state: the second waits for the first', async () => {
  const shop = new CalmShop();
  const plan = shop.plan();
  const { run } = await shop.start(plan);
  assert.equal(await shop.refusal(plan), 'LG_ROLLBACK_RUN_ACTIVE');
  await shop.reach(run, 'AWAITING_CONFIRM');
  assert.equal(await shop.refusal(plan), 'LG_ROLLBACK_RUN_ACTIVE');
  await shop.wait(shop.daemon.cancel(run, 'ann'));
  await shop.reach(run, 'REVERTED');
  assert.equal(await shop.refusal(plan), undefined);
});

test('cancelled before anything was changed, a run is aborted; later it goes back', async () => {
  const shop = new CalmShop();
  const early = await shop.start();
  assert.equal(codeOf(await shop.wait(shop.daemon.cancel(early.run, 'bob'))), undefined);
  assert.equal((await shop.reach(early.run, 'ABORTED')).why, 'cancelled by bob');
  assert.equal(shop.hosts.mutations, 0);
  const late = await shop.start();
  await shop.reach(late.run, 'VERIFYING');
  await shop.wait(shop.daemon.cancel(late.run, 'bob'));
  await shop.reach(late.run, 'REVERTED');
  assert.equal(shop.where(), 'before');
});

async function committed(shop: CalmShop): Promise<string> {
  const plan = shop.plan({ goals: GOALS, onSilence: 'keep-if-healed' });
  const { run } = await shop.start(plan);
  await shop.reach(run, 'COMMITTED');
  return run;
}

test('undo brings back what was before the run, as a run of its own', async () => {
  const shop = new CalmShop();
  const run = await committed(shop);
  const undo = await shop.wait(
    shop.daemon.undo(run, { by: 'ann' }, async ({ before = '' }) =>
      ok({ ...shop.plan({ direction: 'undo' }, { target: before as CheckpointId }), undoOf: run }),
    ),
  );
  assert.ok(undo.ok, codeOf(undo));
  const { nonce = '' } = await shop.reach(undo.value.run, 'AWAITING_CONFIRM');
  await shop.wait(shop.daemon.confirm(undo.value.run, undo.value.token, nonce, 'ann'));
  assert.equal((await shop.reach(undo.value.run, 'COMMITTED')).undoOf, run);
  assert.equal(shop.where(), 'before');
});

test('undo is refused once somebody has changed the state since', async () => {
  const shop = new CalmShop();
  const run = await committed(shop);
  const [state] = shop.hosts.states;
  assert.ok(state !== undefined);
  shop.hosts.disturb(state, shop.random, shop.clock.trueMs);
  const undo = await shop.wait(
    shop.daemon.undo(run, { by: 'ann' }, async ({ before = '' }) =>
      ok({ ...shop.plan({ direction: 'undo' }, { target: before as CheckpointId }), undoOf: run }),
    ),
  );
  assert.equal(codeOf(undo), 'LG_ROLLBACK_UNDO_IMPOSSIBLE');
});

test('on hold nothing is begun, and a run under way goes back once the hold ends', async () => {
  const shop = new CalmShop();
  const { run } = await shop.start();
  await shop.reach(run, 'APPLYING');
  assert.deepEqual(
    shop.daemon.hold(true).map((view) => view.run),
    [run],
  );
  await shop.reach(run, 'REVERTING');
  const written = shop.hosts.mutations;
  for (let alarms = 0; alarms < 200; alarms += 1) {
    await new Promise((resolve) => void setImmediate(resolve));
    shop.clock.advance();
  }
  assert.ok(shop.hosts.mutations <= written + 1, 'only what was on its way still arrived');
  assert.equal(await shop.refusal(shop.plan()).catch(() => 'empty'), 'LG_ROLLBACK_HOLD');
  shop.daemon.hold(false);
  await shop.reach(run, 'REVERTED');
  assert.equal(shop.where(), 'before');
});

test('a missing artefact is found before anything is changed', async () => {
  const shop = new CalmShop();
  shop.change = (world) => ({
    preflight: async (state, desired, limit) => {
      const found = await world.preflight(state, desired, limit);
      return found.ok ? ok({ ...found.value, findings: ['blob 12ab is missing'] }) : found;
    },
  });
  shop.boot();
  const end = await shop.reach((await shop.start()).run, 'ABORTED');
  assert.equal(end.code, 'LG_ROLLBACK_IMPOSSIBLE');
  assert.equal(shop.hosts.mutations, 0);
});
