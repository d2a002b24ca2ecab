import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, test } from 'node:test';
import { err, ok, unwrap, type Result } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';
import { memoryKeyring } from '../testing/memory-keyring.ts';
import type { BackupPart, BackupSource } from './backup-part.ts';
import { isPartPath } from './backup-part.ts';
import { createBackup, type BackupSummary } from './create-backup.ts';
import { findBackupKey, restoreBackup } from './restore-backup.ts';
import { verifyBackup } from './verify-backup.ts';

const keyring = memoryKeyring(new Uint8Array(32).fill(1), 'mine');
const { signal } = new AbortController();
const createdAt = '2026-01-01T00:00:00Z';

const asRoot = process.getuid?.() === 0 ? false : 'SKIPPED: only root can act as somebody else';

let root = '';
let data = '';
let target = '';
let database: DatabaseSync;

beforeEach(async () => {
  root = await fs.mkdtemp(join(tmpdir(), 'lg-backup-'));
  data = join(root, 'data');
  target = join(root, 'backups', 'today');
  await write('evidence/segments/a.seg', 'segment a');
  await write('vault/pack-1', 'x'.repeat(3_000_000));
  await write('evidence/log/1.wal', 'durable|torn tail');
  await write('audit.head', '{"sequence":1}');
  database = new DatabaseSync(join(data, 'control.db'));
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (n INTEGER)');
  database.exec('INSERT INTO t VALUES (1)');
});

afterEach(async () => {
  if (database.isOpen) database.close();
  await fs.rm(root, { recursive: true, force: true });
});

async function write(path: string, content: string): Promise<void> {
  await fs.mkdir(dirname(join(data, path)), { recursive: true });
  await fs.writeFile(join(data, path), content);
}

const PARTS: readonly BackupPart[] = [
  { path: 'vault/pack-1', kind: 'immutable' },
  { path: 'evidence/segments/a.seg', kind: 'immutable' },
  { path: 'evidence/log/1.wal', kind: 'log', durableBytes: 7 },
  { path: 'control.db', kind: 'sqlite' },
  { path: 'audit.head', kind: 'replaced' },
];

/** What is kept while the parts are listed, and what happens between the two listings. */
function sourceOf(between: () => Promise<readonly BackupPart[]> = () => Promise.resolve([])) {
  const told: string[] = [];
  const source: BackupSource = {
    keepFiles: () => {
      told.push('kept');
      return Promise.resolve(ok({ release: () => void told.push('released') }));
    },
    parts: async () => {
      told.push('listed');
      const more = told.length === 4 ? await between() : [];
      return ok([...PARTS, ...more]);
    },
  };
  return { source, told };
}

function create(source: BackupSource, changed = {}): Promise<Result<BackupSummary>> {
  const options = { dataDirectory: data, directory: target, source, keyring, createdAt };
  return createBackup({ ...options, version: '1', signal, ...changed });
}

const copyKey = async (to: string): Promise<Result<void>> => {
  await fs.writeFile(to, 'the key', { mode: 0o600, flag: 'wx' });
  return ok(undefined);
};

function codeOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.error.code;
}

test('what was there before the backup is there after the restore, byte for byte', async () => {
  const { source, told } = sourceOf();
  const made = unwrap(await create(source, { copyKey }));
  assert.deepEqual(told, ['kept', 'listed', 'listed', 'listed', 'released']);
  assert.equal(made.files, 5);
  assert.equal(made.keyFile, `${target}.key`);
  assert.equal((await fs.readdir(target)).includes('key'), false);
  assert.equal((await fs.stat(`${target}.key`)).mode & 0o777, 0o600);
  assert.deepEqual(unwrap(await verifyBackup({ directory: target, keyring, signal })).files, 5);

  const restored = join(root, 'restored');
  const options = { directory: target, dataDirectory: restored, keyring, signal, copyKey };
  unwrap(await restoreBackup(options));
  assert.equal(await fs.readFile(join(restored, 'evidence/log/1.wal'), 'utf8'), 'durable');
  const pack = await fs.readFile(join(restored, 'vault/pack-1'), 'utf8');
  assert.equal(pack, 'x'.repeat(3_000_000));
  assert.equal(await fs.readFile(join(restored, 'key'), 'utf8'), 'the key');
  const again = new DatabaseSync(join(restored, 'control.db'));
  assert.deepEqual({ ...again.prepare('SELECT n FROM t').get() }, { n: 1 });
  again.close();
  assert.deepEqual((await fs.readdir(root)).toSorted(), ['backups', 'data', 'restored']);
});

test('a database that is written all the while is copied whole, with what it names', async () => {
  const { source } = sourceOf(async () => {
    await write('evidence/segments/b.seg', 'segment b');
    return [{ path: 'evidence/segments/b.seg', kind: 'immutable' }];
  });
  const writing = setInterval(() => database.exec('INSERT INTO t SELECT max(n) + 1 FROM t'), 1);
  unwrap(await create(source));
  clearInterval(writing);
  const copy = new DatabaseSync(join(target, 'control.db'), { readOnly: true });
  const row = { ...copy.prepare('SELECT count(*) AS rows, max(n) AS last FROM t').get() };
  copy.close();
  assert.ok(Number(row['rows']) >= 1);
  assert.equal(row['rows'], row['last']);
  assert.equal(await fs.readFile(join(target, 'evidence/segments/b.seg'), 'utf8'), 'segment b');
});

test('whatever is altered, cut, added or removed is noticed, also by restore', async () => {
  unwrap(await create(sourceOf().source));
  const manifest = join(target, 'manifest.json');
  const text = await fs.readFile(manifest, 'utf8');
  const pack = join(target, 'vault/pack-1');
  const whole = await fs.readFile(pack);
  const tamperings: readonly (readonly [string, () => Promise<void>])[] = [
    ['one byte', () => fs.writeFile(pack, Buffer.concat([whole.subarray(1), Buffer.from('y')]))],
    ['cut', () => fs.truncate(pack, 10)],
    ['longer', () => fs.appendFile(pack, 'x')],
    ['removed', () => fs.rm(pack)],
    ['manifest altered', () => fs.writeFile(manifest, text.replace('2026', '2027'))],
    ['manifest cut', () => fs.writeFile(manifest, text.slice(0, 100))],
    ['manifest without tag', () => fs.writeFile(manifest, text.split('\n')[0] ?? '')],
    ['manifest removed', () => fs.rm(manifest)],
    ['manifest of another shape', () => fs.writeFile(manifest, '{"format":1,"files":[{}]}\n')],
  ];
  for (const [name, tamper] of tamperings) {
    await tamper();
    const verified = await verifyBackup({ directory: target, keyring, signal });
    assert.equal(codeOf(verified), 'LG_RUNTIME_BACKUP_DAMAGED', name);
    const dataDirectory = join(root, 'restored');
    const restored = await restoreBackup({ directory: target, dataDirectory, keyring, signal });
    assert.equal(codeOf(restored), 'LG_RUNTIME_BACKUP_DAMAGED', name);
    assert.deepEqual((await fs.readdir(root)).toSorted(), ['backups', 'data'], name);
    await fs.writeFile(pack, whole);
    await fs.writeFile(manifest, text);
  }
  await fs.writeFile(join(target, 'vault', 'planted'), '');
  const verified = await verifyBackup({ directory: target, keyring, signal });
  assert.equal(codeOf(verified), 'LG_RUNTIME_BACKUP_DAMAGED');
  assert.match(verified.ok ? '' : verified.error.detail, /planted does not belong/);
});

test('another key neither verifies nor restores', async () => {
  unwrap(await create(sourceOf().source));
  const other = memoryKeyring(new Uint8Array(32).fill(2), 'mine');
  const verified = await verifyBackup({ directory: target, keyring: other, signal });
  assert.equal(codeOf(verified), 'LG_KEY_WRONG');
});

test('nothing is overwritten: not a full folder, not the data, not an existing key', async () => {
  const taken = 'LG_RUNTIME_TARGET_NOT_EMPTY';
  const { source } = sourceOf();
  assert.equal(codeOf(await create(source, { directory: data })), taken);
  assert.equal(codeOf(await create(source, { directory: join(data, 'backup') })), taken);
  unwrap(await create(source));
  assert.equal(codeOf(await create(source)), taken);
  const options = { directory: target, dataDirectory: data, keyring, signal };
  assert.equal(codeOf(await restoreBackup(options)), taken);
});

test('a backup that fails or is canceled leaves nothing behind and lets go', async () => {
  const { source, told } = sourceOf(() => Promise.resolve([{ path: 'gone', kind: 'immutable' }]));
  assert.equal(codeOf(await create(source, { copyKey })), 'LG_STORE_WRITE_FAILED');
  assert.deepEqual(await fs.readdir(target), []);
  assert.equal(told.at(-1), 'released');
  const refused = { copyKey: () => Promise.resolve(err(lgError('LG_KEY_EXISTS', 'there'))) };
  assert.equal(codeOf(await create(sourceOf().source, refused)), 'LG_KEY_EXISTS');
  const canceled = { signal: AbortSignal.abort(new Error('Ctrl-C')) };
  assert.equal((await create(sourceOf().source, canceled)).ok, false);
  assert.deepEqual(await fs.readdir(join(root, 'backups')), ['today']);
  assert.deepEqual(await fs.readdir(target), []);
});

test(
  'a folder that may not be written is told with whom to make it for',
  { skip: asRoot },
  async () => {
    const closed = join(root, 'closed');
    await fs.mkdir(closed, { mode: 0o500 });
    target = join(closed, 'today');
    // Root may write anywhere: as somebody else the kernel refuses.
    await fs.chown(root, 65_534, 65_534);
    process.seteuid?.(65_534);
    const made = await create(sourceOf().source).finally(() => process.seteuid?.(0));
    assert.match(made.ok ? '' : made.error.message, /EACCES.*install -d -m 700 -o \S+ FOLDER/);
  },
);

test('the key is looked for where named, beside the backup, in the environment', async () => {
  const env = { LASTGOOD_KEY_FILE: '/from/env' };
  assert.equal(unwrap(findBackupKey(target, '/named', env)), '/named');
  assert.equal(unwrap(findBackupKey(target, undefined, env)), '/from/env');
  assert.equal(codeOf(findBackupKey(target, undefined, {})), 'LG_KEY_MISSING');
  await fs.mkdir(dirname(target), { recursive: true });
  await fs.writeFile(`${target}.key`, '');
  assert.equal(unwrap(findBackupKey(target, undefined, env)), `${target}.key`);
});

test('a path that leaves the backup is no path of a part', () => {
  for (const path of ['', '/etc/passwd', '../x', 'a/../../x', 'a//b', './a', 'a\\..\\b', 'a\0']) {
    assert.equal(isPartPath(path), false, JSON.stringify(path));
  }
  assert.equal(isPartPath('evidence/segments/a.seg'), true);
});
