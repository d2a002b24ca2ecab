import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { test } from 'node:test';
import { realDisk } from '../../../base/disk.ts';
import { unwrap, type Result } from '../../../base/result.ts';
import type { Keyring } from '../../../ports/keyring.ts';
import type { TelemetryStore } from '../../../ports/telemetry-store.ts';
import { FaultyDisk, type FaultMode } from '../../../testing/faulty-disk.ts';
import { memoryKeyring, openForTest, testBatch, testFolder } from './store-fixture.ts';

/** What the outside was told, and what it may find. */
interface Told {
  /** Batches whose append was answered: their rows must be there, once. */
  readonly stored: string[];
  /** Batches whose append was not: all of their rows may be there, once, or none. */
  readonly unknown: string[];
  /** Sealed early and given up by retention: must not be there once that was answered. */
  expired: 'no' | 'unknown' | 'yes';
}

const LIVES_AT_ONCE = 6;

const T0 = 1_790_000_000_000_000_000n;

/** Appends batch `name` of three rows; its position is its name. */
async function append(
  store: TelemetryStore,
  told: Told,
  name: string,
  atNs: bigint,
): Promise<void> {
  const rows = [0, 1, 2].map((i) => ({
    observedNs: atNs,
    body: `${name}.${i}`,
    uid: `${name}${i}`,
  }));
  const origin = { source: 'test', sender: 's', position: name };
  const answer = await store.append(testBatch(rows), origin);
  (answer.ok ? told.stored : told.unknown).push(name);
}

/** A short life with every kind of write in it. Ends early when the disk stops. */
async function live(folder: string, keyring: Keyring, disk: FaultyDisk, told: Told): Promise<void> {
  const store = await openForTest(folder, keyring, disk, { logFileBytes: 1500 }).catch(
    () => undefined,
  );
  if (store === undefined) return;
  try {
    await append(store, told, 'old', T0);
    await store.seal();
    await Promise.all(['a1', 'a2', 'a3'].map((name) => append(store, told, name, T0 + 10n)));
    await append(store, told, 'b', T0 + 20n);
    await store.seal();
    if (told.stored.includes('old')) told.expired = 'unknown';
    const expired = await store.expire(T0 + 5n);
    if (expired.ok && expired.value === 1) told.expired = 'yes';
    await append(store, told, 'c', T0 + 30n);
  } finally {
    await store.close();
  }
}

/** Opens what the stopped machine left behind and compares it with what was told. */
async function verify(folder: string, keyring: Keyring, told: Told): Promise<void> {
  const store = await openForTest(folder, keyring);
  try {
    const found = await namesIn(store);
    const counts = new Map<string, number>();
    for (const name of found) counts.set(name, (counts.get(name) ?? 0) + 1);
    const isOld = (name: string): boolean => name === 'old' && told.expired !== 'no';
    for (const name of told.stored) {
      if (!isOld(name)) assert.equal(counts.get(name), 3, `acknowledged ${name}`);
    }
    for (const [name, count] of counts) {
      assert.equal(count, 3, `${name} is whole`);
      assert.ok([...told.stored, ...told.unknown].includes(name), `${name} was sent`);
    }
    if (told.expired === 'yes') assert.ok(!counts.has('old'), 'what was expired stays away');
    const last = found.at(-1);
    if (last !== undefined) assert.equal(store.position('test'), last, 'the newest position');
    const { quarantined, records } = await store.status();
    assert.deepEqual(quarantined, [], 'a crash damages nothing');
    assert.equal(records, found.length);
    // A sender that was not answered sends again: what was stored counts as a repeat.
    for (const name of [...told.unknown]) await append(store, told, name, T0 + 10n);
    unwrap(await store.seal());
    const after = await namesIn(store);
    for (const name of told.unknown) {
      const rows = after.filter((each) => each === name).length;
      assert.equal(rows, 3, `${name} sent again is there once`);
    }
  } finally {
    await store.close();
  }
}

async function namesIn(store: TelemetryStore): Promise<string[]> {
  const { records } = unwrap(await store.query({ limit: 1000, order: 'arrival' }));
  return records.map(({ body }) => String(body).split('.')[0] ?? '');
}

/** One life that stops at operation `at`, and what is found afterwards. */
async function crash(stop?: { at: number; mode: FaultMode }): Promise<readonly string[]> {
  const folder = await testFolder();
  const keyring = memoryKeyring();
  const told: Told = { stored: [], unknown: [], expired: 'no' };
  const disk = new FaultyDisk(realDisk, stop);
  try {
    await live(folder, keyring, disk, told);
    await verify(folder, keyring, told);
  } catch (error) {
    const where = stop === undefined ? '' : `${stop.mode} ${stop.at} (${disk.operations[stop.at]})`;
    throw new Error(`stopped ${where}; told ${JSON.stringify(told)}`, { cause: error });
  } finally {
    await fs.rm(folder, { recursive: true });
  }
  return disk.operations;
}

const operations = await crash();

test('the life has every kind of operation in it', () => {
  const kinds = new Set(operations.map((name) => name.split(' ')[0]));
  for (const kind of ['write', 'sync', 'rename', 'remove', 'commit', 'create', 'syncFolder']) {
    assert.ok(kinds.has(kind), `${kind} in ${operations.join(', ')}`);
  }
});

for (const mode of ['before', 'after', 'torn', 'lost'] as const) {
  test(`what was acknowledged is stored exactly once, stopped ${mode} any operation`, async () => {
    // Only a write can be torn; before anything else is the same as torn.
    const places = operations.flatMap((name, at) =>
      mode !== 'torn' || name.startsWith('write') ? [{ at, mode }] : [],
    );
    // A few lives at a time: most of a life is waiting for fsync.
    for (let from = 0; from < places.length; from += LIVES_AT_ONCE) {
      await Promise.all(places.slice(from, from + LIVES_AT_ONCE).map(crash));
    }
  });
}

test('a full disk refuses appends, keeps nothing of them, is forgiven once mended', async () => {
  const folder = await testFolder();
  const keyring = memoryKeyring();
  const disk = new FaultyDisk(realDisk);
  const store = await openForTest(folder, keyring, disk);
  const send = async (name: string): Promise<Result<unknown>> =>
    await store.append(testBatch([{ observedNs: T0, body: name }]), {
      source: 'test',
      sender: 's',
    });
  try {
    unwrap(await send('before'));
    for (const free of [0, 1, 100]) {
      disk.setFreeBytes(free);
      const refused = await send('refused');
      assert.ok(!refused.ok);
      assert.equal(refused.error.code, 'LG_STORE_DISK_FULL');
    }
    const unsealed = await store.seal();
    assert.ok(!unsealed.ok && unsealed.error.code === 'LG_STORE_DISK_FULL');
    assert.deepEqual(await namesIn(store), ['before']);
    disk.setFreeBytes(Number.POSITIVE_INFINITY);
    unwrap(await send('after'));
    unwrap(await store.seal());
    await store.close();
    const reopened = await openForTest(folder, keyring);
    assert.deepEqual(await namesIn(reopened), ['before', 'after']);
    await reopened.close();
  } finally {
    await store.close();
    await fs.rm(folder, { recursive: true });
  }
});
