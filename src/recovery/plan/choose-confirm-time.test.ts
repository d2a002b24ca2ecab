import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseConfirmTime } from './choose-confirm-time.ts';
import type { PlanState } from './plan-input.ts';

/** As much of a state as decides how long is waited. */
function states(...kinds: readonly ('firewall' | 'files' | 'router elsewhere')[]): PlanState[] {
  return kinds.map((kind) => ({
    ...({} as PlanState),
    carriesTraffic: kind !== 'files',
    ...(kind === 'router elsewhere' ? {} : { isHere: true }),
  }));
}

test('ten minutes, and two where nothing but the network of this machine changes', () => {
  assert.deepEqual(chooseConfirmTime(states('files', 'firewall'), 0, {}), { ms: 600_000 });
  assert.deepEqual(chooseConfirmTime(states('router elsewhere'), 0, {}), { ms: 600_000 });
  const short = { ms: 120_000, why: 'network only' };
  assert.deepEqual(chooseConfirmTime(states('firewall', 'firewall'), 0, {}), short);
  assert.deepEqual(
    chooseConfirmTime(states('firewall'), 61_000, {}),
    { ms: 600_000 },
    'batches take it',
  );
});

test('what is configured counts, as long as it leaves twice the time that such runs took', () => {
  const configured = { confirmTimeoutMs: 30_000 };
  assert.deepEqual(chooseConfirmTime(states('firewall'), 0, configured), { ms: 30_000 });
  const took = { ms: 40_000 };
  assert.deepEqual(chooseConfirmTime(states('files'), 0, { ...configured, took }), {
    ms: 80_000,
    why: 'twice the 40 s that changing and checking this took before',
  });
  assert.deepEqual(chooseConfirmTime(states('firewall'), 0, { took }), {
    ms: 120_000,
    why: 'network only',
  });
  const forever = chooseConfirmTime(states('files'), 0, { took: { ms: 3_000_000 } });
  assert.equal(forever.ms, 3_600_000, 'an hour is the most there is');
});
