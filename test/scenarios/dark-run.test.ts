import assert from 'node:assert/strict';
import { test } from 'node:test';

import { err, unwrap } from '../../src/base/result.ts';
import { lgError } from '../../src/model/errors/lg-error.ts';
import type { ControlStore } from '../../src/ports/control-store.ts';
import { CalmShop, codeOf } from './calm-shop.ts';

/** The journal of a run is altered up to an entry, as a store that authenticates it tells. */
function darken(shop: CalmShop, run: string, upTo: number): void {
  const whole = shop.store.forProcess.bind(shop.store);
  shop.store.forProcess = (isAlive): ControlStore => {
    const store = whole(isAlive);
    return {
      ...store,
      read: async (stream, after = 0) =>
        stream === `run/${run}` && after < upTo
          ? err(lgError('LG_STORE_CONTROL_DAMAGED', `entry ${upTo} of ${stream} was altered`))
          : store.read(stream, after),
    };
  };
  shop.boot();
}

const LENGTH_MAX = 1_000;

test('a run that cannot be read keeps everything locked until somebody has looked', async () => {
  const shop = new CalmShop();
  const { run } = await shop.start();
  await shop.reach(run, 'AWAITING_CONFIRM');
  shop.daemon.stop();
  darken(shop, run, LENGTH_MAX);
  assert.deepEqual(unwrap(await shop.wait(shop.daemon.recoverAll())), []);
  assert.equal((await shop.see(run)).state, 'NEEDS_OPERATOR');
  assert.deepEqual(
    shop.daemon.active().map((view) => [view.run, view.code]),
    [[run, 'LG_STORE_CONTROL_DAMAGED']],
  );
  const told = shop.notices.find(({ title }) => title === `Rollback ${run} cannot be recovered`);
  assert.match(told?.text ?? '', /Locked until somebody has looked: everything/);
  assert.equal(await shop.refusal(shop.plan({ direction: 'undo' })), 'LG_ROLLBACK_RUN_ACTIVE');
  assert.equal(codeOf(await shop.wait(shop.daemon.release(run, 'ann', 'looked'))), undefined);
  assert.equal(shop.daemon.holderOf(shop.hosts.states[0]?.id ?? ''), undefined);
  // What was accepted once is not locked again by a restart.
  shop.daemon.stop();
  shop.boot();
  await shop.wait(shop.daemon.recoverAll());
  assert.deepEqual(shop.daemon.active(), []);
});

test('as far as its end can be read, a damaged journal says what it holds', async () => {
  const shop = new CalmShop();
  const { run } = await shop.start();
  await shop.reach(run, 'AWAITING_CONFIRM');
  const states = shop.hosts.states.map(({ id }) => id);
  shop.daemon.stop();
  darken(shop, run, 1);
  await shop.wait(shop.daemon.recoverAll());
  assert.deepEqual((await shop.see(run)).progress.map(({ state }) => state).toSorted(), states);
  assert.equal(shop.daemon.holderOf(states[0] ?? ''), run);
  assert.equal(shop.daemon.holderOf('another'), undefined);

  const other = new CalmShop();
  const ended = await other.start();
  const seen = await other.reach(ended.run, 'AWAITING_CONFIRM');
  await other.wait(other.daemon.confirm(ended.run, ended.token, seen.nonce ?? '', 'ann'));
  await other.reach(ended.run, 'COMMITTED');
  other.daemon.stop();
  darken(other, ended.run, 1);
  await other.wait(other.daemon.recoverAll());
  assert.deepEqual(other.daemon.active(), [], 'what has ended holds nothing');
});
