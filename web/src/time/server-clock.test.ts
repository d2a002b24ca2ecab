import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createServerClock } from './server-clock.ts';

test('a browser whose clock is ten minutes off shows the time of the daemon', () => {
  const clock = createServerClock();
  const daemonTime = new Date(Date.now() + 600_000);
  clock.note(daemonTime.toUTCString());
  assert.ok(clock.now() >= daemonTime.getTime() - 2_000);
  clock.note('no date');
  assert.ok(clock.now() >= daemonTime.getTime() - 2_000);
});
