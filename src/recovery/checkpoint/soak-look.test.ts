import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwatchedMs } from './soak-look.ts';

const EVERY_MS = 500;

test('looks that come in time leave nothing unwatched, however slow the checks are', () => {
  assert.equal(unwatchedMs(undefined, { beganMs: 90_000, endedMs: 90_010 }, EVERY_MS), 0);
  const slow = { beganMs: 1_000, endedMs: 4_000 };
  assert.equal(unwatchedMs(slow, { beganMs: 4_500, endedMs: 7_900 }, EVERY_MS), 0);
});

test('a daemon that was stopped between two looks, or in the middle of one, did not watch', () => {
  const before = { beganMs: 1_000, endedMs: 1_050 };
  assert.equal(unwatchedMs(before, { beganMs: 13_000, endedMs: 13_050 }, EVERY_MS), 12_000);
  assert.equal(unwatchedMs(before, { beganMs: 1_550, endedMs: 13_050 }, EVERY_MS), 12_000);
});
