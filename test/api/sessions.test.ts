import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Sessions } from '../../src/api/access/sessions.ts';
import { silentLog } from '../../src/base/log.ts';
import { err, unwrap } from '../../src/base/result.ts';
import { lgError } from '../../src/model/errors/lg-error.ts';
import type { Principal } from '../../src/model/access/principal.ts';
import type { ControlStore } from '../../src/ports/control-store.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { openControl } from './served.ts';

const ANN: Principal = { id: 'token:tok_1', role: 'responder', components: ['shop'] };
const HOURS = 3_600_000;

/** A control store on a disk of its own, gone after the test. */
async function place(t: TestContext): Promise<ControlStore> {
  const folder = await fs.mkdtemp(join(tmpdir(), 'lastgood-sessions-'));
  const control = await openControl(folder);
  t.after(async () => {
    await control.close();
    await fs.rm(folder, { recursive: true });
  });
  return control;
}

async function open(control: ControlStore, clock: ManualClock): Promise<Sessions> {
  const random = (length: number): Uint8Array => randomBytes(length);
  return unwrap(await Sessions.open({ control, clock, random, log: silentLog }));
}

/** Writes go on behind the answer. */
async function settled(control: ControlStore, entries: number): Promise<void> {
  while (unwrap(await control.read('access/sessions')).length < entries) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a restart signs nobody out, and nobody in whose day is over or who left', async (t) => {
  const clock = new ManualClock();
  const control = await place(t);
  const before = await open(control, clock);
  const old = before.start(ANN);
  clock.advance(6 * HOURS);
  const [stays, leaves] = [before.start(ANN), before.start(ANN)];
  before.end(leaves);
  await settled(control, 4);
  clock.advance(6 * HOURS);
  const after = await open(control, clock);
  assert.deepEqual(after.find(stays), ANN);
  assert.equal(after.find(leaves), undefined);
  assert.equal(after.find(old), undefined);
});

test('a full disk keeps nobody from signing in', async (t) => {
  const clock = new ManualClock();
  const disk = { full: true };
  const real = await place(t);
  const control: ControlStore = {
    append: async (...args) =>
      disk.full ? err(lgError('LG_STORE_DISK_FULL', 'test')) : real.append(...args),
    read: (stream) => real.read(stream),
    streams: (prefix) => real.streams(prefix),
    drop: (stream) => real.drop(stream),
    fence: (name, holder) => real.fence(name, holder),
    close: () => real.close(),
  };
  const sessions = await open(control, clock);
  const early = sessions.start(ANN);
  assert.deepEqual(sessions.find(early), ANN);
  await new Promise((resolve) => setImmediate(resolve));
  disk.full = false;
  const late = sessions.start(ANN);
  await settled(real, 1);
  const after = await open(control, clock);
  assert.equal(after.find(early), undefined, 'it could not be kept');
  assert.deepEqual(after.find(late), ANN);
});

test('a sign-in code works once and within the hour', async (t) => {
  const clock = new ManualClock();
  const sessions = await open(await place(t), clock);
  const code = sessions.issueCode(ANN);
  assert.deepEqual(sessions.find(unwrap(sessions.redeem(code))), ANN);
  assert.equal(sessions.redeem(code).ok, false);
  const slow = sessions.issueCode(ANN);
  clock.advance(HOURS);
  assert.equal(sessions.redeem(slow).ok, false);
});

test('who is signed in cannot be read: nothing opens as if nobody were', async (t) => {
  const control = await place(t);
  await control.close();
  const random = (length: number): Uint8Array => randomBytes(length);
  const opened = await Sessions.open({
    control,
    clock: new ManualClock(),
    random,
    log: silentLog,
  });
  assert.equal(opened.ok ? 'opened' : opened.error.code, 'LG_STORE_CLOSED');
});
