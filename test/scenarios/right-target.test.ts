import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok } from '../../src/base/result.ts';
import { lgError } from '../../src/model/errors/lg-error.ts';
import { whyOtherTarget, type TargetIdentity } from '../../src/model/component/target-identity.ts';
import { CalmShop } from './calm-shop.ts';

const FIRST: TargetIdentity = { host: 'web-1', bootId: 'boot-1' };
const RESTARTED: TargetIdentity = { host: 'web-1', bootId: 'boot-2' };
const SECOND: TargetIdentity = { host: 'web-2', bootId: 'boot-1' };

/** A shop whose hosts say who they are and refuse what is meant for others. */
function shopOn(who: { is: TargetIdentity }): CalmShop {
  const shop = new CalmShop();
  shop.change = (world) => ({
    identify: async () => ok(who.is),
    async preflight(state, desired, limit) {
      const found = await world.preflight(state, desired, limit);
      return found.ok ? ok({ ...found.value, target: who.is }) : found;
    },
    async apply(step, fence, limit, target) {
      const why = target === undefined ? 'nobody is meant' : whyOtherTarget(target, who.is);
      if (why !== undefined) return err(lgError('LG_PROVIDER_TARGET_CHANGED', why));
      return world.apply(step, fence, limit);
    },
  });
  shop.boot();
  return shop;
}

test('a plan made for one host changes nothing on another', async () => {
  const who = { is: FIRST };
  const shop = shopOn(who);
  const targets = Object.fromEntries(shop.hosts.states.map(({ id }) => [id, FIRST]));
  const plan = shop.plan({}, { targets });
  who.is = SECOND;
  const end = await shop.reach((await shop.start(plan)).run, 'ABORTED');
  assert.equal(end.code, 'LG_PROVIDER_TARGET_CHANGED');
  assert.match(end.why ?? '', /meant for web-1, and this is web-2/);
  assert.equal(shop.hosts.mutations, 0);
});

test('a plan made before its host was restarted is refused', async () => {
  const who = { is: FIRST };
  const shop = shopOn(who);
  const targets = Object.fromEntries(shop.hosts.states.map(({ id }) => [id, FIRST]));
  const plan = shop.plan({}, { targets });
  who.is = RESTARTED;
  const end = await shop.reach((await shop.start(plan)).run, 'ABORTED');
  assert.match(end.why ?? '', /web-1 was restarted since/);
  assert.equal(shop.hosts.mutations, 0);
});

test('a run that wakes up on another machine touches nothing there and asks', async () => {
  const who = { is: FIRST };
  const shop = shopOn(who);
  const { run } = await shop.start();
  await shop.reach(run, 'AWAITING_CONFIRM');
  const { mutations } = shop.hosts;
  shop.daemon.stop();
  who.is = SECOND;
  const daemon = shop.boot();
  await shop.wait(daemon.recoverAll());
  const end = await shop.reach(run, 'NEEDS_OPERATOR');
  assert.match(end.why ?? '', /meant for web-1, and this is web-2/);
  assert.equal(shop.hosts.mutations, mutations);
});

test('a host that was restarted in the middle of a run is brought back all the same', async () => {
  const who = { is: FIRST };
  const shop = shopOn(who);
  const { run } = await shop.start();
  await shop.reach(run, 'VERIFYING');
  shop.daemon.stop();
  who.is = RESTARTED;
  const daemon = shop.boot();
  await shop.wait(daemon.recoverAll());
  await shop.reach(run, 'REVERTED');
  assert.equal(shop.where(), 'before');
});
