import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRfc3339, timeNs } from '../../base/time.ts';
import { isAllowedAt } from './allowed-window.ts';
import { NOON } from './testdata/incident.ts';

test('windows are read in their own time zone, and end before their last minute', () => {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
  const zurich = { days, from: '09:00', to: '17:00', timeZone: 'Europe/Zurich' };
  const at = (text: string): boolean => isAllowedAt([zurich], parseRfc3339(text) ?? timeNs(0n));
  assert.equal(at('2026-11-20T08:00:00Z'), true, 'Friday, nine in Zurich');
  assert.equal(at('2026-11-20T07:59:59Z'), false);
  assert.equal(at('2026-11-20T15:59:59Z'), true);
  assert.equal(at('2026-11-20T16:00:00Z'), false);
  assert.equal(at('2026-11-21T10:00:00Z'), false, 'Saturday');
  assert.equal(at('2026-07-20T07:00:00Z'), true, 'nine in summer');
  assert.equal(isAllowedAt(undefined, NOON), true);
});
