import assert from 'node:assert/strict';
import { test } from 'node:test';

import { countsOf, slotsOf } from './lane-slots.ts';

const window = { from: 0, to: 60_000 };
const at = (ms: number): string => new Date(ms).toISOString();

test('every record of a window is in exactly one row of its table', () => {
  const slots = slotsOf(window, 7);
  assert.equal(slots[0]?.from, 0);
  assert.equal(slots.at(-1)?.to, 60_000);
  const buckets = Array.from({ length: 62 }, (_none, second) => ({
    time: at((second - 1) * 1_000),
    severity: 9,
    count: 2,
  }));
  const counts = countsOf(buckets, 1_000, slots);
  assert.equal(
    counts.reduce((sum, { all }) => sum + all, 0),
    124,
  );
});

test('errors and warnings are told apart from what is harmless', () => {
  const slots = slotsOf(window, 1);
  const buckets = [9, 13, 17, 21].map((severity) => ({ time: at(5_000), severity, count: 3 }));
  assert.deepEqual(countsOf(buckets, 1_000, slots), [{ all: 12, warnings: 3, errors: 6 }]);
});
