import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ProbeColor } from '../../src/model/health/verdict.ts';
import { CalmShop, codeOf } from './calm-shop.ts';

/** A shop whose way is as `way` says; how often it was asked for is counted. */
function shopWithWay(): {
  readonly shop: CalmShop;
  readonly way: { color: ProbeColor; asked: number };
} {
  const shop = new CalmShop();
  const way = { color: 'red' as ProbeColor, asked: 0 };
  shop.change = () => ({
    reach: async (probes) => {
      way.asked += 1;
      return probes.map((probe) => ({ ...probe, color: way.color, seen: 'ECONNREFUSED' }));
    },
  });
  shop.boot();
  return { shop, way };
}

const WITH_PROBE = { reach: [{ component: 'c0', probes: ['c0: connect 192.0.2.1:22'] }] };

test('a confirm is refused until the reach probe answers over a new connection', async () => {
  const { shop, way } = shopWithWay();
  const { run, token } = await shop.start(shop.plan({}, WITH_PROBE));
  const { nonce = '' } = await shop.reach(run, 'AWAITING_CONFIRM');
  assert.equal(way.asked, 0, 'a look before the confirm would prove the past');
  const refused = await shop.wait(shop.daemon.confirm(run, token, nonce, 'ann', 'network'));
  assert.equal(codeOf(refused), 'LG_ROLLBACK_UNREACHABLE');
  assert.match(refused.ok ? '' : refused.error.detail, /c0: connect 192\.0\.2\.1:22: ECONNREFUSED/);
  await shop.reach(run, 'AWAITING_CONFIRM');
  way.color = 'green';
  assert.equal(codeOf(await shop.wait(shop.daemon.confirm(run, token, nonce, 'ann'))), undefined);
  await shop.reach(run, 'COMMITTED');
  assert.equal(way.asked, 2);
});

test('without a probe only a confirm from another machine proves anything', async () => {
  const shop = new CalmShop();
  const plan = shop.plan({}, { reach: [{ component: 'c0', probes: [] }] });
  const { run, token } = await shop.start(plan);
  const { nonce = '' } = await shop.reach(run, 'AWAITING_CONFIRM');
  const near = await shop.wait(shop.daemon.confirm(run, token, nonce, 'ann', 'loopback'));
  assert.equal(codeOf(near), 'LG_ROLLBACK_REACH_UNPROVED');
  assert.match(near.ok ? '' : near.error.detail, /changed c0, which carries traffic/);
  const far = await shop.wait(shop.daemon.confirm(run, token, nonce, 'ann', 'network'));
  assert.equal(codeOf(far), undefined);
  await shop.reach(run, 'COMMITTED');
});

test('silence never keeps what was not reached after the change', async () => {
  for (const color of ['red', 'green'] as const) {
    const { shop, way } = shopWithWay();
    way.color = color;
    const goals = [{ check: 'trigger errors', component: 'c0' }];
    const plan = shop.plan({ goals, onSilence: 'keep-if-healed' }, WITH_PROBE);
    const { run } = await shop.start(plan);
    await shop.reach(run, color === 'red' ? 'REVERTED' : 'COMMITTED');
    assert.ok(way.asked > 0);
  }
});

test('a cancel while the way is probed wins, and the confirm hears of it', async () => {
  const shop = new CalmShop();
  shop.change = () => ({ reach: () => new Promise(() => undefined) });
  shop.boot();
  const { run, token } = await shop.start(shop.plan({}, WITH_PROBE));
  const { nonce = '' } = await shop.reach(run, 'AWAITING_CONFIRM');
  const confirm = shop.daemon.confirm(run, token, nonce, 'ann');
  assert.equal(codeOf(await shop.wait(shop.daemon.cancel(run, 'bob'))), undefined);
  assert.equal(codeOf(await shop.wait(confirm)), 'LG_ROLLBACK_DECIDED');
  await shop.reach(run, 'REVERTED');
});
