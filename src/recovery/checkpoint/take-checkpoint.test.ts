import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok } from '../../base/result.ts';
import type { BlobHash } from '../../model/checkpoint/capture.ts';
import type { StateSpec } from '../../model/component/component.ts';
import type { ObservedState, ProviderClient } from '../../ports/provider-client.ts';
import { runningClock } from '../../testing/running-clock.ts';
import { takeCheckpoint, type TakeParts } from './take-checkpoint.ts';

const state = (id: string): StateSpec => ({ id, component: 'shop', provider: 'files', spec: {} });

/** A host whose states change whenever `moves` says so, look by look. */
function partsOn(moves: (state: string, look: number) => boolean): TakeParts {
  const looks = new Map<string, number>();
  const versions = new Map<string, number>();
  const look = async ({ id }: StateSpec): ReturnType<ProviderClient['observe']> => {
    const count = (looks.get(id) ?? 0) + 1;
    looks.set(id, count);
    if (moves(id, count)) versions.set(id, (versions.get(id) ?? 0) + 1);
    const fingerprint = `v${versions.get(id) ?? 0}`;
    const seen: ObservedState = {
      fingerprint,
      image: fingerprint as BlobHash,
      items: 1,
      bytes: 1,
      unreadable: [],
      coverage: { included: [], excluded: [] },
    };
    return ok(seen);
  };
  const refuse = (): never => {
    throw new Error('taking a checkpoint changes nothing');
  };
  return {
    client: {
      observe: look,
      capture: look,
      capabilities: async ({ id }) =>
        ok({
          ...(id === 'host' ? { comparesOnly: true } : {}),
          atomic: 'all',
          idempotent: true,
          confirm: 'none',
          confirmSurvives: [],
          validateOnTarget: false,
          exactness: 'bytes',
          disruption: 'none',
          partial: false,
          offline: true,
          dataBearing: false,
          restorable: id !== 'host',
        }),
      identify: refuse,
      validate: refuse,
      apply: refuse,
      fence: refuse,
      foresee: refuse,
      expect: refuse,
      forgo: refuse,
      arm: refuse,
      extend: refuse,
      pending: refuse,
      confirm: refuse,
      cancel: refuse,
      pause: refuse,
      resume: refuse,
      paused: refuse,
    },
    clock: runningClock(),
    random: (length) => new Uint8Array(length),
    components: [],
    versionOf: () => 1,
    scopeOf: () => ({}),
    flush: async () => ok(undefined),
    sample: async () => [],
    watermarks: async () => [],
  };
}

test('what stands still is a true cut: every state was the same between two instants', async () => {
  const taken = await takeCheckpoint(
    [state('a'), state('b')],
    { kind: 'schedule' },
    partsOn(() => false),
  );
  assert.ok(taken.ok);
  assert.equal(taken.value.consistency, 'L1');
  assert.ok(taken.value.stableFrom <= taken.value.stableTo);
});

test('a state that moves once is captured anew, with the others, till all are still', async () => {
  const parts = partsOn((id, look) => id === 'b' && look === 2);
  const taken = await takeCheckpoint([state('a'), state('b')], { kind: 'schedule' }, parts);
  assert.ok(taken.ok);
  assert.equal(taken.value.consistency, 'L1');
  assert.equal(taken.value.captures.find((capture) => capture.state === 'b')?.fingerprint, 'v1');
});

test('a state that never stands still is marked, and the level says so', async () => {
  const parts = partsOn((id) => id === 'b');
  const taken = await takeCheckpoint([state('a'), state('b')], { kind: 'schedule' }, parts);
  assert.ok(taken.ok);
  assert.equal(taken.value.consistency, 'L0');
  assert.deepEqual(
    taken.value.captures.map(({ unstable }) => unstable),
    [false, true],
  );
});

test('a state that is only compared may move: the others are a true cut all the same', async () => {
  let looks = 0;
  const parts = partsOn((id, look) => {
    if (id === 'host') looks = look;
    return id === 'host';
  });
  const taken = await takeCheckpoint([state('a'), state('host')], { kind: 'schedule' }, parts);
  assert.ok(taken.ok);
  assert.equal(taken.value.consistency, 'L1');
  assert.deepEqual(
    taken.value.captures.map(({ unstable }) => unstable),
    [false, true],
  );
  assert.equal(looks, 2, 'a whole machine is not looked at again because it lives');
});

test('without any state there is nothing to capture, and it says so', async () => {
  const taken = await takeCheckpoint(
    [],
    { kind: 'schedule' },
    partsOn(() => false),
  );
  assert.equal(taken.ok ? '' : taken.error.code, 'LG_CHECKPOINT_NOTHING_TO_CAPTURE');
});

test('what moves now and then is read by itself, the referring side first', async () => {
  const asked: string[] = [];
  // It moves whenever somebody else was looked at since: never still among others, still alone.
  let last = '';
  const parts = partsOn((id) => {
    asked.push(id);
    const moves = id === 'db' && last !== 'db';
    last = id;
    return moves;
  });
  const components = [
    { name: 'shop', dependsOn: ['proxy'] },
    { name: 'proxy', dependsOn: ['db'] },
    { name: 'db', dependsOn: [] },
    { name: 'mail', dependsOn: [] },
  ];
  const states = ['db', 'shop'].map((id) => ({ ...state(id), component: id }));
  const taken = await takeCheckpoint(states, { kind: 'schedule' }, { ...parts, components });
  assert.ok(taken.ok);
  assert.equal(taken.value.consistency, 'L2');
  assert.deepEqual(taken.value.references, [{ from: 'shop', to: 'db' }]);
  assert.deepEqual(asked.slice(-4), ['shop', 'shop', 'db', 'db']);
  assert.ok(taken.value.captures.every(({ unstable }) => !unstable));
  assert.deepEqual(taken.value.absent, ['proxy', 'mail']);
});

test('a checkpoint that is not wanted any more looks at nothing else and is not kept', async () => {
  const looked: string[] = [];
  const still = partsOn((_state, look) => looked.push(`look ${look}`) < 0);
  // Wanted again a moment later: what was seen before and after a rollback belongs to no instant.
  const answers = [true, true, false];
  const wanted = (): boolean => answers.shift() ?? true;
  const states = ['a', 'b', 'c', 'd'].map(state);
  const taken = await takeCheckpoint(states, { kind: 'schedule' }, { ...still, wanted });
  assert.equal(taken.ok ? undefined : taken.error.code, 'LG_CHECKPOINT_GAVE_WAY');
  assert.equal(looked.length, 2);
});
