import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err } from '../../src/base/result.ts';
import { lgError } from '../../src/model/errors/lg-error.ts';
import { CalmShop } from './calm-shop.ts';

const SKIPPED = 1;

/** A host runner that does not know P as its own: whoever prepared the run was another one. */
class ForeignRunner extends CalmShop {
  isForeign = false;

  constructor(confirm: 'supervisor' | 'none') {
    super();
    // With the numbers from here on the dead-man is in time; a stopped one could not help.
    for (let skipped = 0; skipped < SKIPPED; skipped += 1) this.random.next();
    for (const state of this.hosts.states) {
      Object.assign(state, { traits: { atomic: 'all', idempotent: true, confirm } });
    }
    this.change = (world) => ({
      apply: async (by, step, limit, target) =>
        this.isForeign
          ? err(lgError('LG_PROVIDER_IMAGE_UNKNOWN', `${step.state}: not captured here`))
          : world.apply(by, step, limit, target),
    });
    this.boot();
  }

  async refusedOnTheWayBack(): Promise<string> {
    const { run } = await this.start();
    await this.reach(run, 'AWAITING_CONFIRM');
    this.isForeign = true;
    void this.daemon.cancel(run, 'ann');
    const ended = await this.wait(this.daemon.whenEnded(run));
    return ended.ok ? ended.value.state : ended.error.code;
  }
}

test('who may not go back himself leaves it to the dead-man that can', async () => {
  const shop = new ForeignRunner('supervisor');
  assert.equal(await shop.refusedOnTheWayBack(), 'REVERTED');
});

test('with no dead-man to wait for, a person is asked', async () => {
  const shop = new ForeignRunner('none');
  assert.equal(await shop.refusedOnTheWayBack(), 'NEEDS_OPERATOR');
});
