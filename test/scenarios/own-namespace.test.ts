import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { isGone } from '../../src/runner/process-table.ts';
import { ownNamespace, removeNamespace } from '../place/own-namespace.ts';
import { until } from '../place/until.ts';

const PREFIX = 'lgk';
const own = new URL('../place/own-namespace.ts', import.meta.url).href;

/** Makes one, starts something in it, and stands there. */
const SCRIPT = `import { spawn } from 'node:child_process';
import { ownNamespace } from ${JSON.stringify(own)};
const name = ownNamespace('${PREFIX}', 'left');
const words = ['netns', 'exec', name, 'sleep', '600'];
const child = spawn('ip', words, { stdio: 'ignore', detached: true });
console.log(name + ' ' + child.pid);
setInterval(() => undefined, 1_000);
`;

const skip = process.getuid?.() !== 0 && 'SKIPPED: only root may make a network namespace';

test('a namespace whose owner was killed is removed by the next one', { skip }, async () => {
  const words = ['--input-type=module-typescript', '-e', SCRIPT];
  const killed = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await once(killed.stdout, 'data');
  const [left = '', pid = ''] = String(said).trim().split(' ');
  const first = ownNamespace(PREFIX, 'first');
  try {
    assert.ok(existsSync(`/run/netns/${left}`), 'its owner lives');
    const ended = once(killed, 'exit');
    killed.kill('SIGKILL');
    await ended;
    const second = ownNamespace(PREFIX, 'second');
    assert.equal(existsSync(`/run/netns/${left}`), false);
    await until('the end of what ran in it', async () => isGone(Number(pid)) || undefined);
    assert.ok(existsSync(`/run/netns/${first}`), 'what is in use stays');
    removeNamespace(second);
    removeNamespace(second);
  } finally {
    killed.kill('SIGKILL');
    removeNamespace(first);
    if (left !== '') removeNamespace(left);
  }
});
