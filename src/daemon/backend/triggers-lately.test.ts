import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok, unwrap, type Result } from '../../base/result.ts';
import { fromUnixMs } from '../../base/time.ts';
import type { TriggerState } from '../../model/incident/trigger.ts';
import { Health } from '../recovery/health.ts';
import { Inventory } from '../recovery/inventory.ts';
import { TriggersLately } from './triggers-lately.ts';

const FIRING: TriggerState = {
  name: 'errors',
  signal: 'log-rate',
  component: 'shop',
  state: 'firing',
  explanation: '12 errors a second',
};

test('triggers are shown as they were a moment ago, and nobody waits for them', async () => {
  let nowMs = 0;
  let answer = (_states: Result<readonly TriggerState[]>): void => undefined;
  const clock = {
    now: () => fromUnixMs(nowMs),
    uptimeMs: () => nowMs,
    bootId: () => 'boot',
    after: () => () => undefined,
  };
  const inventory = unwrap(Inventory.of([], new Map(), []));
  const health = new Health({
    inventory: () => inventory,
    triggers: () => new Promise((resolve) => (answer = resolve)),
    runOn: () => () => Promise.reject(new Error('no command is run here')),
    clock,
  });
  const triggers = new TriggersLately({ health, clock });
  assert.deepEqual(triggers.of(['shop']), [], 'the evidence process has not answered yet');
  answer(ok([FIRING]));
  await new Promise((resolve) => void setImmediate(resolve));
  const [one] = triggers.of(['shop']);
  assert.deepEqual([one?.color, one?.seen], ['red', '12 errors a second']);
  assert.deepEqual(triggers.of(['other']), []);
  nowMs = 20_000;
  assert.deepEqual(triggers.of(['shop']), [], 'what is old says nothing of now');
});
