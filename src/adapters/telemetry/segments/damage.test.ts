import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { test } from 'node:test';
import { unwrap } from '../../../base/result.ts';
import type { Keyring } from '../../../ports/keyring.ts';
import type { TelemetryStore } from '../../../ports/telemetry-store.ts';
import {
  hostClock,
  memoryKeyring,
  openForTest,
  testBatch,
  testFolder,
} from './testdata/store-fixture.ts';
import { localChannel, type EngineChannel } from './engine/engine-channel.ts';
import { openSegmentStore } from './open-segment-store.ts';
import { realDisk } from '../../../base/disk.ts';
import { silentLog } from '../../../base/log.ts';

const T0 = 1_790_000_000_000_000_000n;

async function put(store: TelemetryStore, name: string): Promise<void> {
  const batch = testBatch([{ observedNs: T0, body: name, component: 'c' }]);
  unwrap(await store.append(batch, { source: 'test', sender: 's', position: name }));
}

async function bodies(store: TelemetryStore): Promise<unknown[]> {
  const page = unwrap(await store.query({ limit: 100, order: 'arrival' }));
  return page.records.map(({ body }) => body);
}

/** Makes data, lets somebody alter it, and opens it again. */
async function altered(
  make: (store: TelemetryStore) => Promise<void>,
  alter: (folder: string) => Promise<void>,
  check: (store: TelemetryStore, folder: string, keyring: Keyring) => Promise<void>,
): Promise<void> {
  const folder = await testFolder();
  const keyring = memoryKeyring();
  try {
    const first = await openForTest(folder, keyring);
    await make(first);
    await first.close();
    await alter(folder);
    const second = await openForTest(folder, keyring);
    try {
      await check(second, folder, keyring);
    } finally {
      await second.close();
    }
  } finally {
    await fs.rm(folder, { recursive: true });
  }
}

async function onlyFile(folder: string): Promise<string> {
  const names = await fs.readdir(folder);
  assert.equal(names.length, 1);
  return `${folder}/${names[0]}`;
}

async function flipByte(path: string, at: (size: number) => number): Promise<void> {
  const bytes = await fs.readFile(path);
  const place = at(bytes.length);
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  await fs.writeFile(path, bytes);
}

async function three(store: TelemetryStore): Promise<void> {
  for (const name of ['one', 'two', 'three']) await put(store, name);
}

test('a torn tail of the log is cut and nothing is reported', async () => {
  const cut = async (folder: string): Promise<void> => {
    const path = await onlyFile(`${folder}/log`);
    await fs.truncate(path, (await fs.stat(path)).size - 5);
  };
  await altered(three, cut, async (store) => {
    assert.deepEqual(await bodies(store), ['one', 'two']);
    assert.equal(store.position('test'), 'two');
    assert.deepEqual((await store.status()).quarantined, []);
    await put(store, 'four');
    assert.deepEqual(await bodies(store), ['one', 'two', 'four']);
  });
});

test('a log frame altered before the tail is passed over, and its file kept aside', async () => {
  const flip = async (folder: string): Promise<void> =>
    await flipByte(await onlyFile(`${folder}/log`), (size) => Math.floor(size / 2));
  await altered(three, flip, async (store, folder) => {
    assert.deepEqual(await bodies(store), ['one', 'three']);
    const { quarantined } = await store.status();
    assert.match(quarantined[0]?.why ?? '', /does not authenticate|no frame header/);
    unwrap(await store.seal());
    assert.deepEqual(await bodies(store), ['one', 'three']);
    assert.match((await fs.readdir(`${folder}/quarantine`)).join(), /\.log$/);
  });
});

for (const [what, at] of [
  ['header', (): number => 3],
  ['content', (size: number): number => Math.floor(size / 2)],
  ['final frame', (size: number): number => size - 1],
] as const) {
  test(`a segment whose ${what} was altered is set aside, the rest stays readable`, async () => {
    const make = async (store: TelemetryStore): Promise<void> => {
      await put(store, 'sealed');
      unwrap(await store.seal());
      await put(store, 'hot');
    };
    const flip = async (folder: string): Promise<void> =>
      await flipByte(await onlyFile(`${folder}/segments`), at);
    await altered(make, flip, async (store, folder, keyring) => {
      assert.deepEqual(await bodies(store), ['hot']);
      const { quarantined, segments } = await store.status();
      assert.equal(quarantined.length, 1);
      assert.equal(segments, 0);
      assert.equal((await fs.readdir(`${folder}/quarantine`)).length, 1);
      await put(store, 'new');
      unwrap(await store.seal());
      assert.deepEqual(await bodies(store), ['hot', 'new']);
      await store.close();
      const again = await openForTest(folder, keyring);
      const [told] = (await again.status()).quarantined;
      await again.close();
      assert.match(told?.why ?? '', /found damaged earlier and lies in .*quarantine/);
    });
  });
}

test('a segment that is missing is reported, the rest stays readable', async () => {
  const make = async (store: TelemetryStore): Promise<void> => {
    await put(store, 'sealed');
    unwrap(await store.seal());
    await put(store, 'hot');
  };
  const lose = async (folder: string): Promise<void> =>
    await fs.rm(await onlyFile(`${folder}/segments`));
  await altered(make, lose, async (store) => {
    assert.deepEqual(await bodies(store), ['hot']);
    assert.deepEqual((await store.status()).quarantined, [
      { segment: '00000000001', why: 'its file is missing' },
    ]);
  });
});

test('another key opens nothing and destroys nothing', async () => {
  const folder = await testFolder();
  const keyring = memoryKeyring();
  try {
    const first = await openForTest(folder, keyring);
    await put(first, 'secret');
    await first.close();
    const parts = { folder, disk: realDisk, clock: hostClock, log: silentLog };
    const wrong = await openSegmentStore({ ...parts, keyring: memoryKeyring() });
    assert.ok(!wrong.ok);
    assert.equal(wrong.error.code, 'LG_KEY_WRONG');
    const again = await openForTest(folder, keyring);
    assert.deepEqual(await bodies(again), ['secret']);
    await again.close();
  } finally {
    await fs.rm(folder, { recursive: true });
  }
});

test('an engine that dies is replaced, and no record is lost', async () => {
  const folder = await testFolder();
  const engines: EngineChannel[] = [];
  const parts = { folder, disk: realDisk, clock: hostClock, log: silentLog };
  const store = unwrap(
    await openSegmentStore({
      ...parts,
      keyring: memoryKeyring(),
      startEngine: (options) => {
        const channel = localChannel(options);
        engines.push(channel);
        return channel;
      },
    }),
  );
  try {
    await put(store, 'sealed');
    unwrap(await store.seal());
    await put(store, 'hot');
    await engines[0]?.end();
    while (engines.length < 2) await new Promise(setImmediate);
    await put(store, 'after');
    assert.deepEqual(await bodies(store), ['sealed', 'hot', 'after']);
    unwrap(await store.seal());
    assert.deepEqual(await bodies(store), ['sealed', 'hot', 'after']);
    assert.equal((await store.status()).records, 3);
  } finally {
    await store.close();
    await fs.rm(folder, { recursive: true });
  }
});
