import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { knownPrincipals } from '../../src/api/access/known-principals.ts';
import { ensureLocalAdmin, peoplesTokens } from '../../src/api/access/local-admin.ts';
import { senderOf } from '../../src/api/access/sender.ts';
import { TokenRegister } from '../../src/api/access/token-register.ts';
import { unwrap, type Result } from '../../src/base/result.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import type { ControlStore } from '../../src/ports/control-store.ts';
import { openControl } from './served.ts';

const clock = new ManualClock();
const random = (length: number): Uint8Array => randomBytes(length);

let folder = '';
let control: ControlStore;

beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'lg-tokens-'));
  control = await openControl(folder);
});

afterEach(async () => {
  await control.close();
  await fs.rm(folder, { recursive: true, force: true });
});

async function openRegister(): Promise<TokenRegister> {
  return unwrap(await TokenRegister.open({ control, clock, random }));
}

function codeOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.error.code;
}

test('a token works after a restart, and its text is stored nowhere', async () => {
  const made = unwrap(await (await openRegister()).create({ role: 'viewer', name: 'ci' }, 'admin'));
  assert.match(made.token, /^lg_[A-Za-z0-9_-]{43}$/);
  const again = await openRegister();
  assert.deepEqual(again.find(made.token), { id: `token:${made.id}`, role: 'viewer' });
  assert.equal(again.find(`${made.token}x`), undefined);
  const entries = JSON.stringify(unwrap(await control.read('access/tokens')));
  assert.equal(entries.includes(made.token), false);
  unwrap(await again.revoke(made.id, 'admin'));
  assert.equal((await openRegister()).find(made.token), undefined);
  assert.equal(codeOf(await again.revoke(made.id, 'admin')), 'LG_API_NOT_FOUND');
});

test('two registers that create at once both keep their tokens', async () => {
  const [first, second] = [await openRegister(), await openRegister()];
  const made = await Promise.all(
    [first, second, first, second].map((one) => one.create({ role: 'viewer' }, 'admin')),
  );
  const reopened = await openRegister();
  for (const one of made) assert.ok(reopened.find(unwrap(one).token) !== undefined);
});

test('a token that could not be stored is no token, and one that is there goes on', async () => {
  const register = await openRegister();
  const before = unwrap(await register.create({ role: 'viewer' }, 'admin'));
  let changes = 0;
  register.onChange(() => {
    changes += 1;
  });
  await control.close();
  assert.match(codeOf(await register.create({ role: 'admin' }, 'admin')), /^LG_STORE_/);
  assert.match(codeOf(await register.revoke(before.id, 'admin')), /^LG_STORE_/);
  assert.equal(changes, 0, 'nobody is told of a change that is none');
  assert.deepEqual(
    register.list().map(({ id }) => id),
    [before.id],
  );
});

test('admin.token holds a working admin token, private, and is mended when it is not', async () => {
  const path = join(folder, 'admin.token');
  const register = await openRegister();
  const read = async (): Promise<string> => (await fs.readFile(path, 'utf8')).trim();
  unwrap(await ensureLocalAdmin(path, register));
  const first = await read();
  assert.equal((await fs.stat(path)).mode & 0o777, 0o600);
  assert.equal(register.find(first)?.role, 'admin');
  assert.equal(peoplesTokens(register), 0);

  unwrap(await ensureLocalAdmin(path, await openRegister()));
  assert.equal(await read(), first, 'a restart keeps it');

  const register2 = await openRegister();
  await fs.chmod(path, 0o644);
  unwrap(await ensureLocalAdmin(path, register2));
  const second = await read();
  assert.notEqual(second, first, 'one that others could read is replaced');
  assert.equal(register2.find(first), undefined);
  await fs.rm(path);
  unwrap(await ensureLocalAdmin(path, register2));
  assert.equal(register2.list().length, 1);
});

test('senders pass by the grants alone: role, expiry and revocation count', async () => {
  const register = await openRegister();
  const wish = { components: ['checkout'], expiresInDays: 1 };
  const ingest = unwrap(await register.create({ role: 'ingest', ...wish }, 'admin'));
  const viewer = unwrap(await register.create({ role: 'viewer' }, 'admin'));
  let grants = register.grants();
  register.onChange(() => {
    grants = register.grants();
  });
  const ask = (header: string | undefined, isLoopback: boolean): Result<unknown> =>
    senderOf(header, isLoopback, grants, clock.now());
  const sender = { id: `token:${ingest.id}`, components: ['checkout'] };
  assert.deepEqual(unwrap(ask(`Bearer ${ingest.token}`, false)), sender);
  assert.equal(codeOf(ask(`Bearer ${viewer.token}`, false)), 'LG_ACCESS_DENIED');
  assert.deepEqual(unwrap(ask(undefined, true)), { id: 'local' });
  assert.equal(codeOf(ask(undefined, false)), 'LG_ACCESS_TOKEN_MISSING');
  for (const wrong of ['', 'Bearer', 'Bearer lg_x', `Basic ${ingest.token}`]) {
    assert.equal(codeOf(ask(wrong, true)), 'LG_ACCESS_TOKEN_UNKNOWN', wrong);
  }
  clock.advance(86_400_000);
  assert.equal(codeOf(ask(`Bearer ${ingest.token}`, false)), 'LG_ACCESS_TOKEN_UNKNOWN');
  unwrap(await register.revoke(viewer.id, 'admin'));
  assert.equal(codeOf(ask(`Bearer ${viewer.token}`, false)), 'LG_ACCESS_TOKEN_UNKNOWN');
});

test('who acted is known by the name of the token, also once that is revoked', async () => {
  const register = await openRegister();
  const ann = unwrap(await register.create({ role: 'approver', name: 'ann' }, 'admin'));
  const nobody = unwrap(await register.create({ role: 'viewer' }, 'admin'));
  unwrap(await register.revoke(ann.id, 'admin'));
  unwrap(await ensureLocalAdmin(join(folder, 'admin.token'), register));
  const known = knownPrincipals(await openRegister());
  assert.deepEqual(known.slice(0, 2), [
    { id: `token:${ann.id}`, name: 'ann', role: 'approver' },
    { id: `token:${nobody.id}`, role: 'viewer' },
  ]);
  assert.deepEqual(
    known.slice(2).map(({ name }) => name),
    ['local admin'],
  );
});
