import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { test } from 'node:test';
import { realDisk } from '../../../base/disk.ts';
import { unwrap, type Result } from '../../../base/result.ts';
import { timeNs } from '../../../base/time.ts';
import type { RetentionPolicy } from '../../../model/evidence/evidence-retention.ts';
import type { Keyring } from '../../../ports/keyring.ts';
import type { TelemetryStore } from '../../../ports/telemetry-store.ts';
import { FaultyDisk, type FaultMode } from '../../../testing/faulty-disk.ts';
import { memoryKeyring, openForTest, testBatch, testFolder } from './testdata/store-fixture.ts';

/** What the outside was told, and what it may find. */
interface Told {
  /** Batches whose append was answered: their rows must be there, once. */
  readonly stored: string[];
  /** Batches whose append was not: all of their rows may be there, once, or none. */
  readonly unknown: string[];
  /** Given up by retention: must not be there any more once that was answered. */
  readonly expired: Map<string, 'unknown' | 'yes'>;
}

const LIVES_AT_ONCE = 6;

const LIMITS = { logFileBytes: 1500, mergeAtLeast: 2 };

const T0 = 1_790_000_000_000_000_000n;

/** Appends batch `name` of three rows; its position is its name. */
async function append(
  store: TelemetryStore,
  told: Told,
  name: string,
  atNs: bigint,
  component = '',
): Promise<void> {
  const rows = [0, 1, 2].map((i) => ({
    observedNs: atNs,
    component,
    body: `${name}.${i}`,
    uid: `${name}${i}`,
  }));
  const origin = { source: 'test', sender: 's', position: name };
  const answer = await store.append(testBatch(rows), origin);
  (answer.ok ? told.stored : told.unknown).push(name);
}

/** A short life with every kind of write in it. Ends early when the disk stops. */
async function live(folder: string, keyring: Keyring, disk: FaultyDisk, told: Told): Promise<void> {
  const store = await openForTest(folder, keyring, disk, LIMITS).catch(() => undefined);
  if (store === undefined) return;
  try {
    await append(store, told, 'old', T0);
    const isOldSealed = (await store.seal()).ok;
    await append(store, told, 'a', T0 + 10n);
    await store.seal();
    await append(store, told, 'b', T0 + 20n);
    await append(store, told, 'thin', T0 + 20n, 'noisy');
    const isThinSealed = (await store.seal()).ok;
    if (isOldSealed) await expire(store, told, 'old', []);
    await append(store, told, 'c', T0 + 30n);
    await store.seal();
    // Takes the noisy component out of one segment, then makes one of the three that there are.
    const rules = [{ components: ['noisy'], before: timeNs(T0 + 25n) }];
    if (isThinSealed) await expire(store, told, 'thin', rules);
    await Promise.all(['d1', 'd2', 'd3'].map((name) => append(store, told, name, T0 + 40n)));
  } finally {
    await store.close();
  }
}

/** Lets retention give up a batch, and says when it was answered that it is gone. */
async function expire(
  store: TelemetryStore,
  told: Told,
  name: string,
  rules: RetentionPolicy['rules'],
): Promise<void> {
  if (told.stored.includes(name)) told.expired.set(name, 'unknown');
  const retained = await store.retain({ before: timeNs(T0 + 5n), rules, referred: [] });
  if (!retained.ok) return;
  for (;;) {
    const tidied = await store.tidy();
    if (!tidied.ok) return;
    if (!tidied.value) break;
  }
  if (told.stored.includes(name)) told.expired.set(name, 'yes');
}

/** Opens what the stopped machine left behind and compares it with what was told. */
async function verify(folder: string, keyring: Keyring, told: Told): Promise<void> {
  const store = await openForTest(folder, keyring);
  try {
    const found = await namesIn(store);
    const counts = new Map<string, number>();
    for (const name of found) counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const name of told.stored) {
      if (!told.expired.has(name)) assert.equal(counts.get(name), 3, `acknowledged ${name}`);
    }
    for (const [name, count] of counts) {
      assert.equal(count, 3, `${name} is whole`);
      assert.ok([...told.stored, ...told.unknown].includes(name), `${name} was sent`);
    }
    for (const [name, when] of told.expired) {
      if (when === 'yes') assert.ok(!counts.has(name), `${name} stays away`);
    }
    const last = found.at(-1);
    const newest = told.expired.size > 0 && last?.startsWith('d') !== true ? undefined : last;
    if (newest !== undefined) assert.equal(store.position('test'), newest, 'the newest position');
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
  const told: Told = { stored: [], unknown: [], expired: new Map() };
  const disk = new FaultyDisk(realDisk, stop);
  try {
    await live(folder, keyring, disk, told);
    await verify(folder, keyring, told);
  } catch (error) {
    const expired = [...told.expired];
    const where = stop === undefined ? '' : `${stop.mode} ${stop.at} (${disk.operations[stop.at]})`;
    throw new Error(`stopped ${where}; told ${JSON.stringify({ ...told, expired })}`, {
      cause: error,
    });
  } finally {
    await fs.rm(folder, { recursive: true });
  }
  return disk.operations;
}

const operations = await crash();

test('the life has every kind of operation in it', () => {
  const rewritten = operations.filter((name) => /^rename .*-\d\.seg$/.test(name));
  assert.equal(rewritten.length, 2, 'thinned once, merged once');
  const kinds = new Set(operations.map((name) => name.split(' ')[0]));
  for (const kind of ['write', 'sync', 'rename', 'remove', 'commit', 'create', 'syncFolder']) {
    assert.ok(kinds.has(kind), `${kind} in ${operations.join(', ')}`);
  }
});

// Before an operation is after the one in front of it: that need not be tried twice.
for (const mode of ['after', 'torn', 'lost'] as const) {
  test(`what was acknowledged is stored exactly once, stopped ${mode} any operation`, async () => {
    // Only a write can be torn.
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
