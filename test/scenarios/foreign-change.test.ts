import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err } from '../../src/base/result.ts';
import { stateImage } from '../../src/model/checkpoint/capture.ts';
import { lgError } from '../../src/model/errors/lg-error.ts';
import { mergeItems } from '../../src/recovery/plan/merge-items.ts';
import { CalmShop } from './calm-shop.ts';

const WORDS = "a colleague's";

/** Hosts where a half-done step may leave anything, and somebody else writes when `meddles`. */
class MeddledShop extends CalmShop {
  meddles = false;
  /** What was written by somebody else. */
  written: { readonly state: string; readonly path: string } | undefined;

  constructor() {
    super();
    for (const state of this.hosts.states) {
      Object.assign(state, { traits: { atomic: 'none', idempotent: true, confirm: 'none' } });
    }
    this.change = (world) => ({
      apply: async (by, step, limit, target) => {
        if (!this.meddles) return world.apply(by, step, limit, target);
        this.meddles = false;
        const [path = ''] = step.paths;
        const state = this.hosts.find(step.state);
        const item = { path, attributes: { text: WORDS } };
        state.image = mergeItems(state.image, stateImage([item]), [path]);
        this.written = { state: step.state, path };
        return err(lgError('LG_PROVIDER_FOREIGN_CHANGE', `${path} was changed by somebody else`));
      },
    });
    this.boot();
  }

  /** What is at the place now where somebody else wrote. */
  wordsLeft(): unknown {
    const { state = '', path } = this.written ?? {};
    return this.hosts.find(state).image.items.find((item) => item.path === path)?.attributes[
      'text'
    ];
  }
}

test('what a colleague wrote while a step was prepared survives the way back', async () => {
  const shop = new MeddledShop();
  shop.meddles = true;
  const end = await shop.reach((await shop.start()).run, 'NEEDS_OPERATOR');
  assert.equal(shop.wordsLeft(), WORDS);
  assert.match(end.why ?? '', /changed by somebody else/);
});

test('what a colleague wrote while the way back was prepared survives it too', async () => {
  const shop = new MeddledShop();
  const { run } = await shop.start();
  await shop.reach(run, 'AWAITING_CONFIRM');
  shop.meddles = true;
  const end = await shop.reach(run, 'NEEDS_OPERATOR');
  assert.equal(shop.wordsLeft(), WORDS);
  assert.match(end.why ?? '', /changed by somebody else/);
});

test('the words of a colleague survive a daemon that dies right after the refusal', async () => {
  const shop = new MeddledShop();
  shop.meddles = true;
  const { run } = await shop.start();
  await shop.reach(run, 'REVERTING');
  shop.daemon.stop();
  const daemon = shop.boot();
  await shop.wait(daemon.recoverAll());
  await shop.reach(run, 'NEEDS_OPERATOR');
  assert.equal(shop.wordsLeft(), WORDS);
});
