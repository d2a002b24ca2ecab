import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { test } from 'node:test';

const SPEAKER = `
  import { processLog } from ${JSON.stringify(new URL('./process-log.ts', import.meta.url).href)};
  const log = processLog('deadman', 'info');
  log.warn('DeadManFired');
  await new Promise((resolve) => setImmediate(resolve));
  log.warn('DeadManDone');
  console.log('done');
`;

test('a log on a disk that takes nothing any more ends nobody', () => {
  // Writing to /dev/full fails as writing to a full disk does (full(4)).
  const full = openSync('/dev/full', 'w');
  const words = ['--input-type=module', '--eval', SPEAKER];
  const ended = spawnSync(process.execPath, words, { stdio: ['ignore', 'pipe', full] });
  closeSync(full);
  assert.equal(ended.stdout.toString(), 'done\n');
  assert.equal(ended.status, 0);
});
