import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unitStandsStill } from './let-go.ts';

test('a unit stands still when it neither runs nor is at work once', () => {
  for (const [load, active, still] of [
    ['loaded', 'inactive', true],
    ['loaded', 'failed', true],
    ['loaded', 'active', false],
    ['loaded', 'activating', false],
    ['loaded', 'deactivating', false],
    // Not there: to stop it must fail, and not pass for done.
    ['not-found', 'inactive', undefined],
    ['masked', 'inactive', undefined],
  ] as const) {
    assert.equal(unitStandsStill(`LoadState=${load}\nActiveState=${active}\n`), still, active);
  }
  assert.equal(unitStandsStill(''), undefined);
});
