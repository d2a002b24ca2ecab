import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs } from './backoff.ts';

test('each failure in a row doubles the pause, up to the longest', () => {
  const waits = [0, 1, 2, 5, 6, 1_000].map((failures) =>
    backoffMs(failures, { firstMs: 250, mostMs: 10_000 }),
  );
  assert.deepEqual(waits, [250, 500, 1_000, 8_000, 10_000, 10_000]);
});
