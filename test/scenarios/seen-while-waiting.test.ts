import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrap } from '../../src/base/result.ts';
import { stateImage } from '../../src/model/checkpoint/capture.ts';
import type { CheckState } from '../../src/model/health/check-state.ts';
import { mergeItems } from '../../src/recovery/plan/merge-items.ts';
import { CalmShop } from './calm-shop.ts';

/** Somebody writes an item of the first state. */
function meddle(shop: CalmShop, path: string, text: string): string {
  const [state] = shop.hosts.states;
  assert.ok(state !== undefined);
  state.image = mergeItems(state.image, stateImage([{ path, attributes: { text } }]), [path]);
  return state.id;
}

/** Where the run says that a state is. */
async function standing(shop: CalmShop, run: string, state: string) {
  const view = await shop.see(run);
  return { ...view, one: view.progress.find((progress) => progress.state === state) };
}

test('what somebody changes while a run waits is shown, and what a decision comes to', async () => {
  const shop = new CalmShop();
  const { run, token } = await shop.start();
  const { nonce = '' } = await shop.reach(run, 'AWAITING_CONFIRM');
  const id = shop.hosts.states[0]?.id ?? '';
  await shop.until(async () => (await standing(shop, run, id)).one?.readAt !== undefined);
  const before = await standing(shop, run, id);
  assert.deepEqual(
    [before.one?.at, before.one?.items, before.outlook],
    ['target', undefined, undefined],
  );

  meddle(shop, 'stranger', 'x');
  await shop.until(async () => (await standing(shop, run, id)).one?.at === 'foreign');
  const after = await standing(shop, run, id);
  assert.equal(after.one?.report, 'changed by somebody else since: stranger');
  assert.deepEqual(after.one?.items, ['stranger']);
  assert.ok((after.one?.readAt ?? '') > (before.one?.readAt ?? ''));
  assert.match(after.outlook ?? '', /confirm keeps nothing, .*NEEDS_OPERATOR/);
  const told = shop.notices.filter(({ text }) => text === after.outlook);
  assert.equal(told.length, 1, 'people are told once');

  unwrap(await shop.wait(shop.daemon.confirm(run, token, nonce, 'ann')));
  const end = await shop.reach(run, 'NEEDS_OPERATOR');
  assert.equal(end.outlook, undefined);
});

test('a daemon that takes a waiting run over reads again what was changed meanwhile', async () => {
  const shop = new CalmShop();
  const { run } = await shop.start();
  await shop.reach(run, 'AWAITING_CONFIRM');
  shop.daemon.stop();
  const id = meddle(shop, 'stranger', 'x');
  const daemon = shop.boot();
  await shop.wait(daemon.recoverAll());
  const fresh = await standing(shop, run, id);
  assert.match(fresh.one?.report ?? '', /not read again yet$/);
  await shop.until(async () => (await standing(shop, run, id)).one?.at === 'foreign');
});

test('what is taken back by somebody while a run waits is told as such', async () => {
  const shop = new CalmShop();
  const { run } = await shop.start();
  await shop.reach(run, 'AWAITING_CONFIRM');
  for (const state of shop.hosts.states) state.image = state.original;
  const id = shop.hosts.states[0]?.id ?? '';
  await shop.until(async () => (await standing(shop, run, id)).one?.at === 'before');
  const { outlook = '' } = await standing(shop, run, id);
  assert.match(outlook, /it ends REVERTED/);
});

test('reading again takes a tenth of the time at most, and hangs on nobody', async () => {
  const shop = new CalmShop();
  let looks = 0;
  let isSlow = false;
  shop.change = (world) => ({
    observe: async (id, limit) => {
      if (!isSlow) return world.observe(id, limit);
      looks += 1;
      await new Promise<void>((resolve) => void shop.clock.after(6_000, resolve));
      return world.observe(id, limit);
    },
  });
  shop.boot();
  const { run } = await shop.start();
  await shop.reach(run, 'AWAITING_CONFIRM');
  isSlow = true;
  const from = shop.clock.trueMs;
  await shop.until(() => shop.clock.trueMs - from > 300_000);
  const rounds = looks / shop.hosts.states.length;
  assert.ok(rounds >= 4 && rounds <= 7, `${rounds} rounds of 6 s in 300 s`);
  isSlow = false;
  await shop.reach(run, 'REVERTED');
});

test('silence keeps nothing that somebody has changed since it healed', async () => {
  const shop = new CalmShop();
  const goals = [{ check: 'trigger errors', component: 'c0' }];
  let isWaiting = false;
  shop.change = (world) => ({
    sample: async (checks, limit, ready) => {
      const samples = await world.sample(checks, limit, ready);
      if (isWaiting) meddle(shop, 'stranger', 'x');
      return samples.map((one) => ({ ...one, color: isWaiting ? 'green' : one.color }));
    },
  });
  shop.boot();
  const { run } = await shop.start(shop.plan({ goals, onSilence: 'keep-if-healed' }));
  await shop.reach(run, 'AWAITING_CONFIRM');
  isWaiting = true;
  const end = await shop.reach(run, 'NEEDS_OPERATOR');
  assert.equal(end.decision, 'EXPIRE');
});

test('every check of what is touched is shown with its part in the gate', async () => {
  const shop = new CalmShop();
  const guards = [
    { check: 'shop up', component: 'c0' },
    { check: 'shop sick', component: 'c0' },
  ];
  const colorOf = (check: string): 'red' | 'green' => (check === 'shop sick' ? 'red' : 'green');
  shop.change = () => ({
    sample: async (checks) =>
      checks.map(({ check, component }) => ({ check, component, color: colorOf(check), seen: '' })),
  });
  const asked: (readonly string[])[] = [];
  const watched = (components: readonly string[]): readonly CheckState[] => {
    asked.push(components);
    const at = '2026-01-01T00:00:00Z';
    const red = { component: 'c0', color: 'red', seen: 'refused', lastAt: at } as const;
    return ['shop up', 'till'].map((check) => ({ ...red, check }));
  };
  shop.boot();
  const { run } = await shop.start(shop.plan({ guards }));
  await shop.reach(run, 'AWAITING_CONFIRM');
  await shop.until(async () => ((await shop.see(run)).checks ?? []).length > 0);
  const { checks = [] } = unwrap(await shop.daemon.view(run, watched));
  assert.deepEqual(
    checks.map(({ check, role, color }) => `${check}: ${role} ${color}`),
    ['shop sick: not-judged red', 'shop up: guard green', 'till: beside red'],
  );
  const touched = shop.hosts.states.map(({ component }) => component);
  assert.deepEqual([...(asked[0] ?? [])].toSorted(), [...new Set(touched)].toSorted());
});
