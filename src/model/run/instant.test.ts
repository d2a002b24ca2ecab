import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isExpired } from './instant.ts';

const deadline = { set: { wallMs: 1_000_000, uptimeMs: 5_000, bootId: 'one' }, afterMs: 60_000 };
const at = (wallMs: number, uptimeMs: number, bootId = 'one') =>
  isExpired(deadline, { wallMs: 1_000_000 + wallMs, uptimeMs: 5_000 + uptimeMs, bootId });

test('a deadline that is reached on either clock has passed', () => {
  assert.equal(at(59_999, 59_999), false);
  assert.equal(at(60_000, 59_999), true, 'a wall clock alone');
  assert.equal(at(59_999, 60_000), true, 'an uptime alone');
});

test('another boot, and a wall clock that was set back, count as passed', () => {
  assert.equal(at(1, 1, 'two'), true);
  assert.equal(at(-3_600_000, 1), true);
  assert.equal(at(0, 1_000), false, 'a clock that is slewed is not set back');
});
