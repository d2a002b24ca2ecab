import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLogs } from './open-logs.ts';

test('the logs of a process are found although another file of it closes', async (t) => {
  const folder = await fs.realpath(await fs.mkdtemp(join(tmpdir(), 'lg-open-logs-')));
  const path = join(folder, 'app.log');
  const log = await fs.open(path, 'w');
  t.after(async () => {
    await log.close();
    await fs.rm(folder, { recursive: true });
  });
  // Listing our own open files opens one more, which is closed again before it is looked at.
  assert.ok(openLogs([process.pid]).includes(path));
});

test('a process that has ended has no logs', () => {
  // Beyond the greatest process id Linux gives.
  assert.deepEqual(openLogs([2 ** 22 + 1]), []);
});
