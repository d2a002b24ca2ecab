import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import fc from 'fast-check';
import { newDataKey } from '../../../base/aead.ts';
import { unwrap } from '../../../base/result.ts';
import { copyKeyFile, createKeyFile, openKeyFile } from './file-keyring.ts';
import { parseKeyFile } from './key-file.ts';

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'lg-key-'));
  path = join(folder, 'key');
});

afterEach(() => fs.rm(folder, { recursive: true, force: true }));

async function codeOf(result: Promise<{ ok: boolean; error?: unknown }>): Promise<string> {
  const settled = await result;
  assert.equal(settled.ok, false);
  return settled.error instanceof Error && 'code' in settled.error
    ? String(settled.error.code)
    : '';
}

test('a data key wrapped before a restart unwraps after it', async () => {
  const dataKey = newDataKey();
  const wrapped = await unwrap(await createKeyFile(path)).wrap(dataKey);
  const again = unwrap(await openKeyFile(path));
  assert.deepEqual(unwrap(await again.unwrap(wrapped)), Buffer.from(dataKey));
  assert.equal((await fs.stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(await fs.readdir(folder), ['key']);
});

test('an existing key is never replaced', async () => {
  unwrap(await createKeyFile(path));
  const before = await fs.readFile(path);
  assert.equal(await codeOf(createKeyFile(path)), 'LG_KEY_EXISTS');
  assert.deepEqual(await fs.readFile(path), before);
  assert.deepEqual(await fs.readdir(folder), ['key']);
});

test('another key and an altered wrapping are told', async () => {
  const mine = unwrap(await createKeyFile(path));
  const other = unwrap(await createKeyFile(join(folder, 'other')));
  const wrapped = await mine.wrap(newDataKey());
  assert.equal(await codeOf(other.unwrap(wrapped)), 'LG_KEY_WRONG');
  const altered = Buffer.from(wrapped.wrapped, 'base64');
  altered[20] = (altered[20] ?? 0) ^ 1;
  const forged = { ...wrapped, wrapped: altered.toString('base64') };
  assert.equal(await codeOf(mine.unwrap(forged)), 'LG_KEY_WRONG');
});

test('a key that others can read is refused with its mode', async () => {
  unwrap(await createKeyFile(path));
  await fs.chmod(path, 0o640);
  const opened = await openKeyFile(path);
  assert.ok(!opened.ok);
  assert.equal(opened.error.code, 'LG_KEY_EXPOSED');
  assert.match(opened.error.message, /mode 0640.*chmod 600/);
});

test('a missing, a torn and an overwritten key file each have their own error', async () => {
  assert.equal(await codeOf(openKeyFile(path)), 'LG_KEY_MISSING');
  unwrap(await createKeyFile(path));
  const whole = await fs.readFile(path, 'utf8');
  for (const damaged of ['', whole.slice(0, -10), 'x'.repeat(10_000), whole.replace('1', '2')]) {
    await fs.writeFile(path, damaged);
    assert.equal(await codeOf(openKeyFile(path)), 'LG_KEY_DAMAGED');
  }
});

test('a copy of the key opens the same data', async () => {
  const original = unwrap(await createKeyFile(path));
  unwrap(await copyKeyFile(path, join(folder, 'copy')));
  const copy = unwrap(await openKeyFile(join(folder, 'copy')));
  assert.ok((await copy.unwrap(await original.wrap(newDataKey()))).ok);
});

test('no bytes whatever make the parser throw or accept a wrong key', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => 'wrong' in parseKeyFile(bytes)),
  );
});
