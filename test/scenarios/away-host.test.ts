import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrap } from '../../src/base/result.ts';
import type { RunView } from '../../src/model/run/run.ts';
import { awayWorld } from '../simulation/seeded/away-world.ts';
import { CalmShop } from './calm-shop.ts';

const HOUR_MS = 3_600_000;

/** Applies a rollback, lets its first host go away for so long, and takes the run back. */
async function cancelWhileAway(shop: CalmShop, awayMs: number): Promise<RunView> {
  shop.change = (world) => awayWorld(world, shop.hosts, shop.clock);
  const daemon = shop.boot();
  const { run } = await shop.start();
  await shop.reach(run, 'AWAITING_CONFIRM');
  const [first] = shop.hosts.states;
  if (first !== undefined) first.awayUntil = shop.clock.trueMs + awayMs;
  await shop.wait(daemon.cancel(run, 'ann'));
  return unwrap(await shop.wait(daemon.whenEnded(run)));
}

test('a host that is away for hours uses up no try: the way back goes on by itself', async () => {
  const shop = new CalmShop();
  const end = await cancelWhileAway(shop, 5 * HOUR_MS);
  assert.equal(end.state, 'REVERTED', end.why);
  assert.equal(shop.where(), 'before');
  const told = shop.notices.filter(({ title }) => title.includes('waits for a host'));
  assert.equal(told.length, 5, 'soon, and every hour');
  assert.match(told[0]?.text ?? '', /c0\/files is away.*as soon as the host answers/);
});

test('a host that stays away for a day needs a person', async () => {
  const shop = new CalmShop();
  const end = await cancelWhileAway(shop, 48 * HOUR_MS);
  assert.equal(end.state, 'NEEDS_OPERATOR');
  assert.match(end.why ?? '', /is away; it was waited for a day/);
});

test('a host that is away while others answer is not waited for longer than a day', async () => {
  const shop = new CalmShop();
  const [first, second] = shop.hosts.states;
  assert.ok(first !== undefined && second !== undefined);
  // Timers are taken away one by one, so the first host answers before the second is asked.
  for (const state of shop.hosts.states) {
    Object.assign(state, { traits: { ...state.traits, confirm: 'native' } });
  }
  shop.change = (world) => awayWorld(world, shop.hosts, shop.clock);
  const daemon = shop.boot();
  const { run } = await shop.start();
  await shop.reach(run, 'AWAITING_CONFIRM');
  const stop = daemon.subscribe(({ state, progress }) => {
    if (state !== 'REVERTING' || progress[0]?.at !== 'before') return;
    stop();
    second.awayUntil = shop.clock.trueMs + 48 * HOUR_MS;
  });
  await shop.wait(daemon.cancel(run, 'ann'));
  const end = unwrap(await shop.wait(daemon.whenEnded(run)));
  assert.equal(end.state, 'NEEDS_OPERATOR', end.why);
  assert.match(end.why ?? '', /is away; it was waited for a day/);
});
