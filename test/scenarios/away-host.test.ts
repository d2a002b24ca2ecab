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
