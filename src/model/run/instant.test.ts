import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { isExpired, remainingMs, type Deadline, type Instant } from './instant.ts';

const set: Instant = { wallMs: 1_000_000, uptimeMs: 5_000, bootId: 'boot' };
const deadline: Deadline = { set, afterMs: 60_000 };

/** The moment after so much time on each clock. */
function later(wallMs: number, uptimeMs: number, bootId = 'boot'): Instant {
  return { wallMs: set.wallMs + wallMs, uptimeMs: set.uptimeMs + uptimeMs, bootId };
}

test('a deadline passes when either clock says so', () => {
  assert.equal(isExpired(deadline, later(59_999, 59_999)), false);
  assert.equal(isExpired(deadline, later(60_000, 59_999)), true);
  assert.equal(isExpired(deadline, later(59_999, 60_000)), true);
});

test('another boot, or a wall clock that went back, counts as expired', () => {
  assert.equal(isExpired(deadline, later(1_000, 1_000, 'other')), true);
  assert.equal(isExpired(deadline, later(-10_000, 1_000)), true);
});

test('a wall clock that is only slewed does not expire anything', () => {
  assert.equal(isExpired(deadline, later(29_000, 30_000)), false);
});

test('time is left exactly as long as a deadline has not passed', () => {
  const ms = fc.integer({ min: -100_000, max: 100_000 });
  fc.assert(
    fc.property(ms, ms, (wall, uptime) => {
      const at = later(wall, uptime);
      assert.equal(remainingMs(deadline, at) > 0, !isExpired(deadline, at));
    }),
  );
});
