import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { realDisk } from '../../src/base/disk.ts';
import { hostClock } from '../../src/daemon/host-clock.ts';
import { openCommandRegister } from '../../src/runner/command-register.ts';
import { isGone } from '../../src/runner/process-table.ts';
import { control, endService, writeControl } from './small-service.ts';
import { startHost } from './provider-host.ts';

let home = '';

beforeEach(async () => {
  home = await fs.mkdtemp(join(tmpdir(), 'lastgood-orphan-'));
  await fs.mkdir(join(home, 'data'));
});
afterEach(() => fs.rm(home, { recursive: true, force: true }));

/** Starts a host in a process of its own, lets it run a command, and kills the host with -9. */
async function killWhileRunning(command: readonly string[], sign: string): Promise<void> {
  const state = {
    id: 'a/command',
    component: 'a',
    provider: 'command',
    spec: { capture: command },
  };
  const order = join(home, 'order.json');
  await fs.writeFile(order, JSON.stringify({ state }));
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'observe-child.ts'), join(home, 'data'), order],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ended = once(child, 'exit');
  while (!existsSync(sign)) await new Promise((resolve) => setTimeout(resolve, 10));
  child.kill('SIGKILL');
  await ended;
}

test('a command whose host was killed is ended before the next host answers', async () => {
  const written = join(home, 'written');
  const pids = join(home, 'pids');
  const script = `echo $$ >> ${pids}
    (echo writes; while :; do echo x >> ${written}; sleep 0.01; done) &
    echo $! >> ${pids}; wait`;
  await killWhileRunning(['sh', '-c', script], written);
  const orphans = readFileSync(pids, 'utf8').trim().split('\n').map(Number);
  assert.equal(orphans.length, 2);
  assert.ok(!orphans.every(isGone), 'killing the host alone does not end its command');
  const host = await startHost(join(home, 'data'));
  assert.ok(orphans.every(isGone), 'the whole group is gone');
  const size = (await fs.stat(written)).size;
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal((await fs.stat(written)).size, size, 'nobody writes any more');
  await host.stop();
});

test('a service that such a command had started goes on running', async () => {
  await writeControl(home);
  const started = join(home, 'started');
  const script = `${control(home, 'start').join(' ')}; until [ -s ${home}/pid ]; do sleep 0.01; done
    touch ${started}; sleep 600`;
  try {
    await killWhileRunning(['sh', '-c', script], started);
    const host = await startHost(join(home, 'data'));
    await host.stop();
    assert.equal(isGone(Number(readFileSync(join(home, 'pid'), 'utf8'))), false);
  } finally {
    await endService(home);
  }
});

test('a number that belongs to another process by now is left alone', async () => {
  const folder = join(home, 'commands');
  const bystander = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  try {
    await once(bystander, 'spawn');
    const register = openCommandRegister(folder, hostClock(), realDisk);
    const noted = register.begin();
    noted.started(bystander.pid ?? 0);
    const [name = ''] = (await fs.readdir(folder)).filter((one) => one.endsWith('.pid'));
    await fs.writeFile(join(folder, name), JSON.stringify({ pid: bystander.pid, start: '1' }));
    await openCommandRegister(folder, hostClock(), realDisk).endLeftovers();
    assert.equal(isGone(bystander.pid ?? 0), false);
    assert.deepEqual(await fs.readdir(folder), []);
  } finally {
    bystander.kill('SIGKILL');
  }
});

test('killed before its number was noted, a command is still found', async () => {
  const folder = join(home, 'commands');
  const noted = openCommandRegister(folder, hostClock(), realDisk).begin();
  const orphan = spawn('sleep', ['600'], {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, ...noted.env },
  });
  await once(orphan, 'spawn');
  await openCommandRegister(folder, hostClock(), realDisk).endLeftovers();
  assert.equal(isGone(orphan.pid ?? 0), true);
});
