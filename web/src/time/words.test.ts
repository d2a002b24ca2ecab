import assert from 'node:assert/strict';
import { test } from 'node:test';

import { agoWords, clockWords, leftWords, msOf, nanosecondWords, spanWords } from './words.ts';

test('spans are told in the unit a person would use', () => {
  const told = [400, 42_000, 720_000, 12_000_000, 7_200_000, 5 * 86_400_000].map(spanWords);
  assert.deepEqual(told, ['0 s', '42 s', '12 min', '3 h 20 min', '2 h', '5 d']);
});

test('times before now are ago, times after now are ahead', () => {
  const now = Date.UTC(2026, 0, 1, 12);
  assert.equal(agoWords('2026-01-01T11:59:00.000000000Z', now), '60 s ago');
  assert.equal(agoWords('2026-01-01T12:00:30Z', now), 'in 30 s');
});

test('nine decimals of a record are read to the millisecond', () => {
  assert.equal(msOf('2026-01-01T00:00:00.123456789Z'), Date.UTC(2026, 0, 1, 0, 0, 0, 123));
});

test('a time of another day carries its date', () => {
  const now = new Date(2026, 5, 10, 8).getTime();
  assert.equal(clockWords(new Date(2026, 5, 10, 7, 5).toISOString(), now), '07:05');
  assert.equal(clockWords(new Date(2026, 5, 9, 23, 5).toISOString(), now), '2026-06-09 23:05');
});

test('durations keep three digits', () => {
  assert.deepEqual([812, 1_500_000, 4_230_000_000].map(nanosecondWords), [
    '812 ns',
    '1.5 ms',
    '4.23 s',
  ]);
});

test('a countdown never goes below zero', () => {
  const now = Date.UTC(2026, 0, 1, 12);
  const left = ['2026-01-01T11:59:59.995Z', '2026-01-01T12:03:07Z'].map((at) => leftWords(at, now));
  assert.deepEqual(left, ['0 s', '3:07']);
});
