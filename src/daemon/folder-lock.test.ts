import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { unwrap } from '../base/result.ts';
import { fillDisk, smallDiskOrSkip } from '../testing/small-disk.ts';
import { lockFolder, requireUnlocked } from './folder-lock.ts';

test('a second daemon is refused, and kill -9 of the first leaves no lock behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lg-lock-'));
  const file = join(folder, 'lock');
  const module = JSON.stringify(new URL('folder-lock.ts', import.meta.url).href);
  const script = `
    const { lockFolder } = await import(${module});
    const lock = await lockFolder(${JSON.stringify(file)}, 0);
    process.stdout.write(lock.ok ? 'held' : 'refused');
    setInterval(() => lock, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [said] = await once(holder.stdout, 'data');
    assert.equal(String(said), 'held');
    const second = await lockFolder(file, 100);
    assert.equal(second.ok ? '' : second.error.code, 'LG_RUNTIME_DAEMON_RUNNING');
    holder.kill('SIGKILL');
    const third = await lockFolder(file, 5000);
    assert.ok(third.ok);
    third.value.release();
  } finally {
    holder.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
});

test('nothing is created through a link that lies where the lock should', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'lg-lock-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const target = join(folder, 'target');
  symlinkSync(target, join(folder, 'link'));
  mkdirSync(join(folder, 'folder'));
  for (const name of ['link', 'folder']) {
    const lock = await lockFolder(join(folder, name), 0);
    assert.equal(lock.ok ? '' : lock.error.code, 'LG_RUNTIME_DATA_UNUSABLE');
    assert.ok(!lock.ok && lock.error.message.includes(join(folder, name)));
  }
  assert.equal(existsSync(target), false);
});

test('a folder whose name means something in a URL can be locked', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'lg lock%20#?mode=ro&-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'lock');
  const lock = unwrap(await lockFolder(file, 0));
  assert.equal((await lockFolder(file, 0)).ok, false);
  lock.release();
  assert.equal(existsSync(file), true);
});

test('a folder on a disk that is full to its last byte can be locked', async (t) => {
  const disk = await smallDiskOrSkip(t, 4);
  if (disk === undefined) return;
  const file = join(disk, 'lock');
  unwrap(await lockFolder(file, 0)).release();
  await fillDisk(disk);
  const lock = unwrap(await lockFolder(file, 0));
  assert.equal((await lockFolder(file, 0)).ok, false);
  lock.release();
});

test('who only asks whether a folder is held keeps nobody from it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'lg-lock-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'lock');
  assert.ok(requireUnlocked(file).ok);
  assert.ok(requireUnlocked(file).ok);
  const lock = unwrap(await lockFolder(file, 0));
  const refused = requireUnlocked(file);
  assert.equal(refused.ok ? '' : refused.error.code, 'LG_RUNTIME_DAEMON_RUNNING');
  lock.release();
  assert.ok(requireUnlocked(file).ok);
});
