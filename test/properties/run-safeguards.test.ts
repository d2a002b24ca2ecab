import assert from 'node:assert/strict';
import { test } from 'node:test';

import { err, ok, unwrap } from '../../src/base/result.ts';
import { toSecond } from '../../src/base/time.ts';
import { stateImage } from '../../src/model/checkpoint/capture.ts';
import { lgError } from '../../src/model/errors/lg-error.ts';
import type { RunState } from '../../src/model/run/run.ts';
import type { DeadMan } from '../../src/model/run/run-world.ts';
import { instantOf } from '../../src/ports/clock.ts';
import { CalmShop } from '../scenarios/calm-shop.ts';
import { cron, endIn, witnessed } from './witnessed-shop.ts';

for (const end of ['COMMITTED', 'REVERTED', 'ABORTED'] as const) {
  test(`writers stand still while a run writes, and go on when it is ${end}`, async () => {
    const { shop, seen } = witnessed({}, (_, of) => cron(of));
    await endIn(shop, end);
    assert.equal(shop.hosts.paused.size, 0, 'a writer is still paused');
    const written = seen.findIndex((one) => one.startsWith('apply'));
    if (end === 'ABORTED') return;
    assert.ok(seen.indexOf('pause') !== -1 && seen.indexOf('pause') < written, seen.join());
    assert.ok(seen.lastIndexOf('resume') > written, seen.join());
  });
}

test('P is taken, timers are armed and the intent is durable before the first change', async () => {
  const { shop, seen, armedFor } = witnessed({ confirm: 'native' });
  await endIn(shop, 'COMMITTED');
  const changes = seen.filter((one) => one.startsWith('apply'));
  const states = shop.hosts.states.length;
  assert.ok(changes.length >= states);
  assert.deepEqual(
    changes.filter((one) => one.startsWith('apply without')),
    [],
  );
  const before = seen.slice(
    0,
    seen.findIndex((one) => one.startsWith('apply')),
  );
  assert.deepEqual(before, ['pause', 'P', ...shop.hosts.states.map(() => 'arm')]);
  assert.equal(armedFor.length, states);
});

test('a timer of a target waits for as long as confirming may take, too', async () => {
  const { shop, firesAt } = witnessed({ confirm: 'native' });
  await endIn(shop, 'COMMITTED');
  assert.ok(firesAt.length > 1);
  const [view] = unwrap(await shop.daemon.list());
  const deadline = Date.parse(view?.deadline ?? '');
  // All of them by the one deadline that people are told, whichever was armed last.
  for (const at of firesAt) {
    assert.ok(at >= deadline + 60_000 && at <= deadline + 61_000, `${at - deadline} ms`);
  }
});

test('everybody is told the same deadline, and what is left of it', async () => {
  const shop = new CalmShop();
  const { run } = await shop.start();
  const { deadline = '' } = await shop.reach(run, 'AWAITING_CONFIRM');
  const applied = shop.notices.find(({ title }) => title.endsWith('is applied and healthy'));
  const [, until = '', left = ''] =
    /^Confirm it until (\S+), within (\d+) s/.exec(applied?.text ?? '') ?? [];
  // People are told the second in which it passes.
  const second = toSecond(deadline);
  assert.equal(until, second);
  const now = instantOf(shop.clock.forProcess(() => true)).wallMs;
  assert.ok(Number(left) < 600, 'preparing and applying took their part');
  assert.ok(now + Number(left) * 1000 <= Date.parse(deadline));
  await shop.reach(run, 'REVERTED');
  const reminders = shop.notices.filter(({ title }) => title.endsWith('waits for confirmation'));
  assert.ok(reminders.length === 2 && reminders.every(({ text }) => text.includes(second)));
});

for (const end of ['COMMITTED', 'REVERTED', 'ABORTED'] as const) {
  test(`no timer and no lock is left when a run is ${end}`, async () => {
    // A timer whose arming got no answer may run all the same.
    const { shop } = witnessed({ confirm: 'native' }, ({ deadMan }) =>
      end === 'ABORTED' ? { deadMan: { ...deadMan, arm: armsInSilence(deadMan) } } : {},
    );
    const { run, token } = await shop.start();
    if (end === 'COMMITTED') {
      const { nonce = '' } = await shop.reach(run, 'AWAITING_CONFIRM');
      await shop.wait(shop.daemon.confirm(run, token, nonce, 'ann'));
    }
    await shop.reach(run, end);
    for (const state of shop.hosts.states) {
      assert.equal(state.timer, undefined, `${state.id} may still revert by itself`);
      assert.equal(shop.daemon.holderOf(state.id), undefined);
    }
  });
}

function armsInSilence(deadMan: DeadMan): DeadMan['arm'] {
  return async (by, order) => {
    await deadMan.arm(by, order);
    return err(lgError('LG_PROVIDER_TIMEOUT', 'no answer'));
  };
}

test('the first state that does not come out as planned keeps the next untouched', async () => {
  const { shop, seen } = witnessed({}, () => ({
    apply: async () => ok({ kind: 'failed-clean', why: 'refused' }),
  }));
  assert.ok(shop.hosts.states.length > 1, 'one state proves nothing');
  // In one batch: the reading between two of them must not be what stops it.
  const plan = shop.plan({ batches: { canary: 0, size: 'all', soakMs: 0, jitterMs: 0 } });
  await shop.reach((await shop.start(plan)).run, 'REVERTED');
  assert.equal(seen.filter((one) => one.startsWith('apply')).length, 1);
});

test('the way back goes through the states in reverse', async () => {
  const { shop, seen } = witnessed();
  await endIn(shop, 'REVERTED');
  const order = [...new Set(seen.filter((one) => one.startsWith('apply')))];
  const back = [...new Set(seen.filter((one) => one.startsWith('apply')).toReversed())];
  assert.ok(order.length > 1, 'one state proves nothing');
  assert.deepEqual(back, order);
});

test('an act that never answers ends the run before anything is changed', async () => {
  const never = () => new Promise<never>(() => undefined);
  const { shop, hinted } = witnessed({}, () => ({ preflight: never }));
  const end = await shop.reach((await shop.start()).run, 'ABORTED');
  assert.equal(end.code, 'LG_RUNTIME_DEADLINE');
  assert.equal(shop.hosts.mutations, 0);
  assert.deepEqual(hinted, ['expect', 'forgo'], 'a dead-man that waits for nothing was left');
});

test('what tears and may not be repeated is left to a person', async () => {
  let applied = 0;
  const { shop } = witnessed({ atomic: 'none', idempotent: false }, (_, of) => ({
    apply: async (_by, step) => {
      applied += 1;
      const item = { path: step.paths[0] ?? '', attributes: { text: 'half' } };
      of.hosts.find(step.state).image = stateImage([item]);
      return ok({ kind: 'unknown', why: 'no answer' });
    },
  }));
  await shop.reach((await shop.start()).run, 'NEEDS_OPERATOR');
  assert.equal(applied, 1);
});

/** Changes a state as somebody else, once, when a run is first seen in a phase. */
function meddleIn(shop: CalmShop, phase: RunState): void {
  const [state] = shop.hosts.states;
  assert.ok(state !== undefined);
  const stop = shop.daemon.subscribe((view) => {
    if (view.state !== phase) return;
    stop();
    shop.hosts.disturb(state, shop.random, shop.clock.trueMs);
  });
}

test('a state that is not as wanted after its last step turns the run back', async () => {
  const shop = new CalmShop();
  meddleIn(shop, 'VERIFYING');
  const end = await shop.reach((await shop.start()).run, 'NEEDS_OPERATOR');
  assert.equal(end.decision, 'CANCEL');
});

test('what changes while it is confirmed is not called committed', async () => {
  const shop = new CalmShop();
  meddleIn(shop, 'COMMITTING');
  const { run, token } = await shop.start();
  const { nonce = '' } = await shop.reach(run, 'AWAITING_CONFIRM');
  await shop.wait(shop.daemon.confirm(run, token, nonce, 'ann'));
  await shop.reach(run, 'NEEDS_OPERATOR');
});

test('what changes on the last yards of the way back is not called reverted', async () => {
  const { shop } = witnessed({ confirm: 'native' }, (world, of) => ({
    deadMan: {
      ...world.deadMan,
      disarm: async (by, id) => {
        of.hosts.disturb(of.hosts.find(id), of.random, of.clock.trueMs);
        return world.deadMan.disarm(by, id);
      },
    },
  }));
  await endIn(shop, 'NEEDS_OPERATOR');
});
