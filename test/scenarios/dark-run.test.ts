import assert from 'node:assert/strict';
import { test } from 'node:test';

import { err, unwrap } from '../../src/base/result.ts';
import { runFor } from '../../src/daemon/backend/run-for.ts';
import { lgError } from '../../src/model/errors/lg-error.ts';
import type { Principal } from '../../src/model/access/principal.ts';
import { mayHold } from '../../src/model/run/run.ts';
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
  const seen = await shop.see(run);
  assert.equal(seen.state, 'NEEDS_OPERATOR');
  assert.deepEqual([seen.unread, seen.progress], [{ holdsAll: true }, []]);
  assert.equal(mayHold(seen, ['another']), true, 'the gate for deploys is closed');
  // Nobody can tell what deciding it touches.
  const ann: Principal = { id: 'token:ann', role: 'responder' };
  const looked = await shop.wait(runFor({ rollbacks: shop.daemon }, ann, 'apply', run));
  assert.equal(looked.ok, true);
  const bob: Principal = { id: 'token:bob', role: 'responder', components: ['shop'] };
  const refused = await shop.wait(runFor({ rollbacks: shop.daemon }, bob, 'apply', run));
  assert.equal(codeOf(refused), 'LG_ACCESS_DENIED');
  assert.deepEqual(
    shop.daemon.active().map((view) => [view.run, view.code]),
    [[run, 'LG_STORE_CONTROL_DAMAGED']],
  );
  const told = shop.notices.find(({ title }) => title === `Rollback ${run} cannot be recovered`);
  assert.match(told?.text ?? '', /Locked until somebody has looked: everything/);
  assert.equal(await shop.refusal(shop.plan({ direction: 'undo' })), 'LG_ROLLBACK_RUN_ACTIVE');
  assert.equal(codeOf(await shop.wait(shop.daemon.release(run, 'ann', 'looked'))), undefined);
  assert.equal(shop.daemon.holderOf(shop.hosts.states[0]?.id ?? ''), undefined);
  assert.equal((await shop.see(run)).released, 'looked');
  // What was accepted once is not locked again by a restart, and can be shown.
  shop.daemon.stop();
  shop.boot();
  await shop.wait(shop.daemon.recoverAll());
  assert.deepEqual(shop.daemon.active(), []);
  assert.equal((await shop.see(run)).released, 'accepted as it is');
});

test('as far as its end can be read, a damaged journal says what it holds', async () => {
  const shop = new CalmShop();
  const { run } = await shop.start();
  await shop.reach(run, 'AWAITING_CONFIRM');
  const states = shop.hosts.states.map(({ id }) => id);
  shop.daemon.stop();
  darken(shop, run, 1);
  await shop.wait(shop.daemon.recoverAll());
  const { progress, unread } = await shop.see(run);
  assert.deepEqual(progress.map(({ state }) => state).toSorted(), states);
  assert.deepEqual(unread, { holdsAll: false });
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
