import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPulse } from './pulse.ts';

const second = (acknowledged: number, refused: number) => ({
  at: acknowledged,
  acknowledged,
  refused,
  unanswered: 0,
});

test('a shop is healthy only when orders come through and none fails', () => {
  const pulse = createPulse();
  assert.equal(pulse.isHealthy(2), false, 'nothing seen is not healthy');
  pulse.add(second(20, 0));
  pulse.add(second(20, 0));
  assert.equal(pulse.isHealthy(2), true);
  pulse.add(second(10, 10));
  assert.equal(pulse.isHealthy(2), false, 'a failing second');
  assert.equal(pulse.lately(1).failed, 0.5);
  pulse.add(second(0, 0));
  pulse.add(second(0, 0));
  assert.equal(pulse.isHealthy(2), false, 'no orders at all is not healthy');
});
