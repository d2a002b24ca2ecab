import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';

const SECRET = 'hunter2-wJalrXUtnFEMI';

/** Every readable file below a folder, also behind the names of open descriptors. */
function filesBelow(folder: string): string[] {
  const found: string[] = [];
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) found.push(...safely(() => filesBelow(path), []));
    else if (entry.isFile()) found.push(path);
  }
  return found;
}

/** Files come and go while they are looked at. */
function safely<Value>(look: () => Value, otherwise: Value): Value {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

function holders(folders: readonly string[]): string[] {
  return folders
    .flatMap(filesBelow)
    .filter((path) => safely(() => fs.readFileSync(path).includes(SECRET), false));
}

test('a secret in records is found in no file, at work and after kill -9', async () => {
  const root = fs.mkdtempSync(`${tmpdir()}/lastgood-secret-`);
  const [data, cwd, temp] = ['data', 'cwd', 'tmp'].map((name) => `${root}/${name}`);
  for (const folder of [data, cwd, temp]) fs.mkdirSync(folder ?? '');
  const places = [root, '/dev/shm'].filter((path) => fs.existsSync(path));
  const child = fork(`${import.meta.dirname}/testdata/secret-process.ts`, [data ?? '', SECRET], {
    cwd: cwd ?? '',
    env: { ...process.env, TMPDIR: temp },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  try {
    let rounds = 0;
    child.on('message', () => (rounds += 1));
    const ended = once(child, 'exit');
    let looks = 0;
    while (rounds < 12) {
      assert.equal(child.exitCode, null, 'the writer is at work');
      assert.deepEqual(holders(places), [], `while at work, after ${rounds} rounds`);
      looks += 1;
      await new Promise((wake) => setTimeout(wake, 5));
    }
    assert.ok(looks > 3);
    child.kill('SIGKILL');
    await ended;
    assert.deepEqual(holders(places), [], 'after kill -9');
    const segments = fs.readdirSync(`${data}/segments`);
    assert.ok(
      segments.some((name) => name.endsWith('.seg')),
      'segments were sealed',
    );
    assert.deepEqual(fs.readdirSync(cwd ?? ''), []);
    assert.deepEqual(fs.readdirSync(temp ?? ''), []);
  } finally {
    child.kill('SIGKILL');
    fs.rmSync(root, { recursive: true });
  }
});
