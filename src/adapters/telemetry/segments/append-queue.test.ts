import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { test, type TestContext } from 'node:test';
import { realDisk } from '../../../base/disk.ts';
import { silentLog } from '../../../base/log.ts';
import { unwrap, type Result } from '../../../base/result.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { AppendReceipt } from '../../../ports/telemetry-store.ts';
import { FaultyDisk } from '../../../testing/faulty-disk.ts';
import { localChannel } from './engine/engine-channel.ts';
import { openSegmentStore } from './open-segment-store.ts';
import { hostClock, memoryKeyring, testBatch, testFolder } from './testdata/store-fixture.ts';

/** What is waited for five seconds takes a tenth of one here. */
const quickClock: Clock = { ...hostClock, after: (ms, call) => hostClock.after(ms / 50, call) };

async function makeStore(t: TestContext, sealRows: number) {
  const folder = await testFolder();
  const disk = new FaultyDisk(realDisk);
  const parts = { folder, disk, keyring: memoryKeyring(), clock: quickClock, log: silentLog };
  const limits = { sealRows, sealAfterMs: 1e9 };
  const store = unwrap(await openSegmentStore({ ...parts, limits, startEngine: localChannel }));
  let release = (): void => undefined;
  t.after(async () => {
    release();
    await store.close();
    await fs.rm(folder, { recursive: true });
  });
  const append = (name: string, rows: number): Promise<Result<AppendReceipt>> => {
    const row = { observedNs: 1n, body: name };
    const batch = testBatch(Array.from({ length: rows }, () => row));
    return store.append(batch, { source: 'test', sender: 's' });
  };
  return { store, append, hold: () => (release = disk.hold()) };
}

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.code);

test('while the disk hangs, what waits is bounded, and nothing refused is kept', async (t) => {
  const { store, append, hold } = await makeStore(t, 1e6);
  const release = hold();
  const waiting = [append('first', 60_000), append('second', 60_000)];
  const refused = await append('third', 60_000);
  assert.equal(codeOf(refused), 'LG_INGEST_OVERLOADED');
  assert.match(refused.ok ? '' : refused.error.message, /120000 records wait for the disk/);
  release();
  assert.deepEqual((await Promise.all(waiting)).map(codeOf), ['ok', 'ok']);
  assert.equal((await store.status()).records, 120_000);
  assert.equal(codeOf(await append('third', 60_000)), 'ok');
});

test('a seal that makes no room in time refuses what comes, and lets it in after', async (t) => {
  const { store, append, hold } = await makeStore(t, 100);
  assert.equal(codeOf(await append('fills both tables', 250)), 'ok');
  const release = hold();
  const refused = await append('no room', 10);
  assert.equal(codeOf(refused), 'LG_INGEST_OVERLOADED');
  assert.match(refused.ok ? '' : refused.error.message, /made no room within 5 s/);
  release();
  unwrap(await store.seal());
  assert.equal(codeOf(await append('room', 10)), 'ok');
  assert.equal((await store.status()).records, 260);
});
