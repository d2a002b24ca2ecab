import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, test } from 'node:test';
import { realDisk, type Disk } from '../../../base/disk.ts';
import { unwrap } from '../../../base/result.ts';
import { appendForEver, testControlStore } from '../../../testing/control-store-conformance.ts';
import { memoryKeyring } from '../../../testing/memory-keyring.ts';
import type { ControlStore } from '../../../ports/control-store.ts';
import { openSqliteControlStore } from './sqlite-control-store.ts';

const keyring = memoryKeyring(new Uint8Array(32).fill(7));
const secret = 'planted-secret-4711';

async function openAt(path: string, disk: Disk = realDisk): Promise<ControlStore> {
  return unwrap(await openSqliteControlStore({ path, keyring, disk }));
}

/** Appends until a write fails, then says how that was and whether reading still works. */
async function fillUp(path: string): Promise<void> {
  const store = await openAt(path);
  let version = 0;
  for (;;) {
    const result = await store.append('full', version, [{ filling: 'x'.repeat(5000) }]);
    if (!result.ok) {
      const readable = unwrap(await store.read('full')).length;
      process.stdout.write(JSON.stringify({ code: result.error.code, version, readable }));
      await store.close();
      return;
    }
    version = result.value;
  }
}

// This file is also the program that the tests kill and starve.
const [role, target = ''] = process.argv.slice(2);
if (role === 'append') await appendForEver(await openAt(target));
else if (role === 'fill') await fillUp(target);
else defineTests();

function defineTests(): void {
  testControlStore('sqlite', async () => {
    const folder = await fs.mkdtemp(join(tmpdir(), 'lg-control-'));
    const path = join(folder, 'control.db');
    return {
      open: () => openAt(path),
      remove: () => fs.rm(folder, { recursive: true, force: true }),
      writer: { program: import.meta.filename, args: ['append', path] },
    };
  });

  let folder = '';
  let path = '';
  beforeEach(async () => {
    folder = await fs.mkdtemp(join(tmpdir(), 'lg-control-'));
    path = join(folder, 'control.db');
  });
  afterEach(() => fs.rm(folder, { recursive: true, force: true }));

  const failedOpen = async (): Promise<string> => {
    const opened = await openSqliteControlStore({ path, keyring, disk: realDisk });
    assert.ok(!opened.ok);
    return opened.error.message;
  };

  test('a planted secret is in no file, and every file is private', async () => {
    const store = await openAt(path);
    unwrap(await store.append('s', 0, [{ secret }]));
    const names = await fs.readdir(folder);
    assert.ok(names.includes('control.db-wal'));
    for (const name of names) {
      const file = join(folder, name);
      assert.equal((await fs.readFile(file)).includes(secret), false, name);
      assert.equal((await fs.stat(file)).mode & 0o077, 0, name);
    }
    await store.close();
  });

  test('an entry moved to another stream or version is told as damage', async () => {
    const store = await openAt(path);
    unwrap(await store.append('a', 0, [1, 2]));
    await store.close();
    for (const tampering of [
      `UPDATE entries SET stream = 'b'`,
      `UPDATE entries SET stream = 'a'; UPDATE entries SET version = version + 10`,
      `UPDATE entries SET version = version - 10; DELETE FROM entries WHERE version = 1`,
    ]) {
      const database = new DatabaseSync(path);
      database.exec(tampering);
      database.close();
      const again = await openAt(path);
      const [stream = ''] = unwrap(await again.streams(''));
      const read = await again.read(stream);
      assert.ok(!read.ok);
      assert.equal(read.error.code, 'LG_STORE_CONTROL_DAMAGED');
      await again.close();
    }
  });

  test('a file that is no database, and one with a damaged page, are told as damage', async () => {
    await fs.writeFile(
      path,
      'this is a text file of somebody else, longer than a header '.repeat(9),
    );
    assert.match(await failedOpen(), /LG_STORE_CONTROL_DAMAGED.*control\.db/);
    await fs.rm(path);
    const store = await openAt(path);
    for (let version = 0; version < 40; version += 1) {
      unwrap(await store.append('s', version, [{ filling: 'x'.repeat(1000) }]));
    }
    await store.close();
    const handle = await fs.open(path, 'r+');
    for (let page = 4; page < 8; page += 1) {
      await handle.write(new Uint8Array(2000).fill(0xaa), 0, 2000, page * 4096);
    }
    await handle.close();
    assert.match(await failedOpen(), /LG_STORE_CONTROL_DAMAGED.*backup/);
  });

  test('another key does not open it', async () => {
    await (await openAt(path)).close();
    const other = memoryKeyring(new Uint8Array(32).fill(8));
    const opened = await openSqliteControlStore({ path, keyring: other, disk: realDisk });
    assert.ok(!opened.ok);
    assert.equal(opened.error.code, 'LG_KEY_WRONG');
  });

  test('on a full disk an append fails whole, what was told stays, reading goes on', async () => {
    // A limit on the file size makes writes fail as a full disk does, without being root.
    const limited = `ulimit -f 400; exec "$0" "$@"`;
    const child = spawnSync(
      'sh',
      ['-c', limited, process.execPath, import.meta.filename, 'fill', path],
      { encoding: 'utf8' },
    );
    assert.equal(child.status, 0, child.stderr);
    const told: { code: string; version: number; readable: number } = JSON.parse(child.stdout);
    assert.match(told.code, /^LG_STORE_(DISK_FULL|WRITE_FAILED)$/);
    assert.equal(told.readable, told.version);
    const store = await openAt(path);
    assert.equal(unwrap(await store.read('full')).length, told.version);
    assert.ok((await store.append('full', told.version, [1])).ok);
    await store.close();
  });

  test('a commit that fails keeps nothing and the store goes on', async () => {
    let isBroken = false;
    const commit: Disk['commit'] = (_name, run) => {
      if (isBroken) throw new Error('the disk said no');
      return run();
    };
    const store = await openAt(path, { ...realDisk, commit });
    unwrap(await store.append('s', 0, [1]));
    isBroken = true;
    assert.equal((await store.append('s', 1, [2])).ok, false);
    isBroken = false;
    assert.deepEqual(unwrap(await store.read('s')), [{ version: 1, entry: 1 }]);
    assert.ok((await store.append('s', 1, [3])).ok);
    await store.close();
  });
}
