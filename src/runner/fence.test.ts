import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { realDisk } from '../base/disk.ts';
import { openFence } from './fence.ts';

test('whoever slept and wakes up with an old token is refused, also after a restart', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'lastgood-fence-'));
  t.after(() => rm(folder, { recursive: true }));
  const first = await openFence(realDisk, folder);
  assert.equal((await first.pass('shop/files', 3)).ok, true);
  assert.equal((await first.pass('shop/files', 4)).ok, true);
  const restarted = await openFence(realDisk, folder);
  for (const fence of [first, restarted]) {
    const late = await fence.pass('shop/files', 3);
    assert.equal(late.ok ? undefined : late.error.code, 'LG_PROVIDER_TOKEN_STALE');
  }
  assert.equal((await restarted.pass('shop/files', 4)).ok, true);
  assert.equal((await restarted.pass('side/files', 1)).ok, true, 'each state has its own');
});
