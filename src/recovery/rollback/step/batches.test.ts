import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { holdMs } from './batches.ts';

const pace = { components: ['db'], steps: ['1'] };

test('the jitter of a batch is bounded and follows from the plan alone', () => {
  const ms = fc.integer({ min: 0, max: 60_000 });
  fc.assert(
    fc.property(fc.string(), ms, ms, (planHash, soakMs, jitterMs) => {
      const batch = { ...pace, soakMs, jitterMs };
      const held = holdMs(batch, 1, planHash);
      assert.ok(held >= soakMs && held <= soakMs + jitterMs, `${held} ms`);
      assert.equal(holdMs(batch, 1, planHash), held);
    }),
  );
});

test('batches of one plan, and of many plans, do not act in step', () => {
  const batch = { ...pace, soakMs: 10_000, jitterMs: 2_000 };
  const plans = Array.from({ length: 100 }, (_, at) => `plan ${at}`);
  const held = plans.flatMap((plan) => [holdMs(batch, 1, plan), holdMs(batch, 2, plan)]);
  assert.ok(new Set(held).size > 150, `${new Set(held).size} different of 200`);
});
