import assert from 'node:assert/strict';
import { test } from 'node:test';

import { unwrap } from '../../src/base/result.ts';
import { addMs } from '../../src/base/time.ts';
import { findNotHealed } from '../../src/recovery/rollback/find-not-healed.ts';
import { CalmShop } from './calm-shop.ts';

const COOL_DOWN_MS = 900_000;
const HOUR_MS = 3_600_000;

test('a wall clock that is set ends no cool-down early, and keeps none for ever', async () => {
  for (const setMs of [10 * HOUR_MS, -10 * HOUR_MS]) {
    const shop = new CalmShop({ heals: false });
    const goals = [{ check: 'shop up', component: 'c0' }];
    const { run } = await shop.start(shop.plan({ goals, guards: [] }));
    const { progress, target } = await shop.reach(run, 'REVERTED');
    const components = progress.map(({ component }) => component);
    const { now, after } = shop.clock.forProcess(() => true);
    const isBarred = async (): Promise<boolean> => {
      const runs = unwrap(await shop.daemon.list());
      const said = runs.map((view) => ({ ...view, healed: false }));
      const since = addMs(now(), -COOL_DOWN_MS);
      return findNotHealed(said, { target, components }, since) === run;
    };
    assert.equal(await isBarred(), true);
    shop.clock.jump(setMs);
    assert.equal(await isBarred(), true, `set by ${setMs} ms`);
    let isLater = false;
    after(COOL_DOWN_MS + 60_000, () => (isLater = true));
    await shop.until(() => isLater);
    assert.equal(await isBarred(), false, `set by ${setMs} ms, and all of it over`);
  }
});
