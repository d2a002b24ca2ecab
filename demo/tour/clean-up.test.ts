import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { sweep } from './sweep.ts';

const sleeper = 'setInterval(() => undefined, 1000); console.log("up")';

test('when the tour is gone its janitor ends what is left and removes the directory', async () => {
  const root = mkdtempSync(join(tmpdir(), 'janitor-test-'));
  const left = spawn(process.execPath, ['-e', sleeper], {
    env: { ...process.env, LASTGOOD_DEMO_ROOT: root },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => left.stdout.once('data', resolve));
  const leftEnded = new Promise((resolve) => left.once('exit', (_code, signal) => resolve(signal)));

  const janitor = spawn(process.execPath, [join(import.meta.dirname, 'janitor.ts'), root], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const janitorEnded = new Promise((resolve) => janitor.once('exit', resolve));
  janitor.stdin.end();

  assert.equal(await leftEnded, 'SIGKILL');
  assert.equal(await janitorEnded, 0);
  assert.equal(existsSync(root), false);
});

test('the killer waits for the moment in which exactly one of two files has changed', async () => {
  const root = mkdtempSync(join(tmpdir(), 'killer-test-'));
  const [first, second] = [join(root, 'first.json'), join(root, 'second.json')];
  for (const file of [first, second]) writeFileSync(file, 'before');
  const victim = spawn(process.execPath, ['-e', sleeper], { stdio: ['ignore', 'pipe', 'inherit'] });
  const victimEnded = new Promise((resolve) => victim.once('exit', (_code, sig) => resolve(sig)));
  await new Promise((resolve) => victim.stdout.once('data', resolve));

  const script = join(import.meta.dirname, 'kill-between.ts');
  const killer = spawn(process.execPath, [script, String(victim.pid), first, second], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const words: string[] = [];
  for await (const word of createInterface({ input: killer.stdout })) {
    words.push(word);
    if (word !== 'armed') continue;
    writeFileSync(`${first}.new`, 'after');
    renameSync(`${first}.new`, first);
  }
  assert.deepEqual(words, ['armed', 'killed']);
  assert.equal(await victimEnded, 'SIGKILL');
  await sweep(root);
});
