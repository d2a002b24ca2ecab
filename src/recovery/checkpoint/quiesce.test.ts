import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok, unwrap } from '../../base/result.ts';
import type { StateSpec } from '../../model/component/component.ts';
import { hooksName, isFreeze, type Quiesce } from '../../model/component/pause.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { runningClock } from '../../testing/running-clock.ts';
import { allStoodStill, freeze, type QuiesceParts } from './quiesce.ts';

const hooks = (word: string, onError: Quiesce['onError'] = 'fail'): Quiesce => ({
  name: hooksName(word),
  way: { kind: 'commands', pause: ['stop', word], resume: ['go', word] },
  timeoutMs: 1_000,
  limitMs: 30_000,
  onError,
});

const stateOf = (component: string, quiesce: Quiesce): StateSpec => {
  return { id: `${component}/files`, component, provider: 'files', spec: {}, quiesce };
};

/** A host on which one component cannot be frozen; `told` is what it was told, in order. */
function hostWhere(broken: string): { readonly told: string[]; readonly parts: QuiesceParts } {
  const told: string[] = [];
  const parts: QuiesceParts = {
    client: {
      async pause({ component }) {
        told.push(`freeze ${component}`);
        if (component !== broken) return ok(undefined);
        return err(lgError('LG_PROVIDER_PAUSE', 'hooks of b: it will not'));
      },
      async resume({ component }) {
        told.push(`thaw ${component}`);
        return ok('resumed');
      },
    },
    clock: runningClock(),
    random: (length) => new Uint8Array(length),
    components: [],
  };
  return { told, parts };
}

test('all are frozen before the first is captured, and go on the last one first', async () => {
  const { told, parts } = hostWhere('nobody');
  const frozen = unwrap(
    await freeze([stateOf('shop', hooks('a')), stateOf('db', hooks('b'))], parts),
  );
  assert.deepEqual(told, ['freeze shop', 'freeze db']);
  const thawed = await frozen.thaw();
  assert.deepEqual(told.slice(2), ['thaw db', 'thaw shop']);
  assert.ok(allStoodStill(['shop', 'db'], thawed));
  assert.ok(!allStoodStill(['shop', 'db', 'mail'], thawed));
});

test('who is frozen is known from whoever is paused for a rollback', async () => {
  const { parts } = hostWhere('nobody');
  const runs: string[] = [];
  const client: QuiesceParts['client'] = {
    ...parts.client,
    async pause(_state, { run }) {
      runs.push(run);
      return ok(undefined);
    },
  };
  await unwrap(await freeze([stateOf('shop', hooks('a'))], { ...parts, client })).thaw();
  assert.deepEqual(runs.map(isFreeze), [true]);
  assert.equal(isFreeze('run_01jd3k9x7c4t9v0b'), false);
});

test('components with the same hooks are captured under one pair of them', async () => {
  const { told, parts } = hostWhere('nobody');
  const states = [stateOf('shop', hooks('a')), stateOf('db', hooks('a'))];
  const thawed = await unwrap(await freeze(states, parts)).thaw();
  assert.deepEqual(told, ['freeze shop', 'thaw shop']);
  assert.ok(allStoodStill(['shop', 'db'], thawed));
});

test('a hook that fails ends the checkpoint, and leaves nobody frozen', async () => {
  const { told, parts } = hostWhere('db');
  const frozen = await freeze([stateOf('shop', hooks('a')), stateOf('db', hooks('b'))], parts);
  assert.ok(!frozen.ok && frozen.error.code === 'LG_PROVIDER_PAUSE');
  assert.equal(frozen.error.detail, 'hooks of b: it will not');
  assert.deepEqual(told, ['freeze shop', 'freeze db', 'thaw db', 'thaw shop']);
});

test('a hook that may fail is told, and nobody takes it for a point in time', async () => {
  const { parts } = hostWhere('db');
  const states = [stateOf('shop', hooks('a')), stateOf('db', hooks('b', 'continue'))];
  const thawed = await unwrap(await freeze(states, parts)).thaw();
  assert.equal(thawed.quiesced.find(({ component }) => component === 'db')?.problem, 'it will not');
  assert.ok(!allStoodStill(['shop', 'db'], thawed));
});
