import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf } from '../process-table.ts';
import { Heartbeats } from './heartbeat.ts';

test('one that is stopped is found stuck, and one that wakes up is not', async (t) => {
  const children = ['waking', 'stopped'].map(() => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 5)']);
    t.after(() => child.kill('SIGKILL'));
    return child;
  });
  const [waking, stopped] = children.map(({ pid = 0 }) => identityOf(pid));
  assert.ok(waking !== undefined && stopped !== undefined);
  children[1]?.kill('SIGSTOP');
  const pulses = new Heartbeats();
  while (!pulses.isStuck('stopped', stopped)) {
    assert.ok(!pulses.isStuck('waking', waking), 'the one that wakes up');
    await delay(100);
  }
});
