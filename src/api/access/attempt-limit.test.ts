import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../testing/manual-clock.ts';
import { AttemptLimit } from './attempt-limit.ts';

/** Failures until the remote has to wait. */
function triesOf(limit: AttemptLimit, remote: string): number {
  let tries = 0;
  while (limit.fail(remote) === 0) tries += 1;
  return tries;
}

test('the remotes that are remembered are bounded, and the one longest quiet is forgotten', () => {
  const limit = new AttemptLimit(new ManualClock());
  const burst = triesOf(limit, 'first');
  assert.ok(burst > 0);
  assert.ok(triesOf(limit, 'second') === burst);
  assert.ok(limit.fail('first') > 0, 'it has failed again, so "second" is the one longest quiet');
  for (let other = 0; other < 9_999; other += 1) limit.fail(`other ${other}`);
  assert.ok(limit.fail('first') > 0, 'ten thousand are remembered');
  assert.equal(triesOf(limit, 'second'), burst, 'one more was not');
});
