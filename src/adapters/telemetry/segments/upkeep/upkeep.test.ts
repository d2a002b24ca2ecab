import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { unwrap } from '../../../../base/result.ts';
import { timeNs } from '../../../../base/time.ts';
import type { TelemetryStore } from '../../../../ports/telemetry-store.ts';
import { memoryKeyring, openForTest, testBatch, testFolder } from '../testdata/store-fixture.ts';

const T0 = 1_790_000_000_000_000_000n;
const SEGMENTS = 12;
const ROWS = 50;
const ALL = SEGMENTS * ROWS;

/** A store with many small segments. */
async function small(
  use: (store: TelemetryStore, reopen: () => Promise<TelemetryStore>) => Promise<void>,
): Promise<void> {
  const folder = await testFolder();
  const keyring = memoryKeyring();
  let store = await openForTest(folder, keyring);
  try {
    for (let segment = 0; segment < SEGMENTS; segment += 1) {
      const rows = Array.from({ length: ROWS }, (_, i) => ({
        observedNs: T0 + BigInt(segment * ROWS + i) * 1_000_000_000n,
        component: `c${i % 3}`,
        severity: i % 2 === 0 ? 9 : 17,
        traceLow: BigInt(segment * ROWS + i + 1),
        body: `record ${segment * ROWS + i} of segment ${segment}`,
        uid: `uid ${segment * ROWS + i}`,
      }));
      unwrap(await store.append(testBatch(rows), { source: 'test', sender: 's' }));
      unwrap(await store.seal());
    }
    await use(store, async () => {
      await store.close();
      store = await openForTest(folder, keyring);
      return store;
    });
  } finally {
    await store.close();
    await fs.rm(folder, { recursive: true });
  }
}

async function everything(store: TelemetryStore): Promise<unknown> {
  const filter = { components: ['c1'], text: 'RECORD 7' };
  return {
    arrival: unwrap(await store.query({ limit: 10_000, order: 'arrival' })),
    newest: unwrap(await store.query({ limit: 10_000, order: 'newest' })),
    some: unwrap(await store.query({ ...filter, limit: 5, order: 'oldest' })),
    density: unwrap(await store.density({}, 10_000)),
    edged: unwrap(
      await store.density({ from: timeNs(T0 + 5n), to: timeNs(T0 + 364_000_000_000n) }, 20_000),
    ),
  };
}

test('small segments become one, and every answer stays the same', async () => {
  await small(async (store, reopen) => {
    const before = await everything(store);
    assert.equal(unwrap(await store.tidy()), true);
    assert.equal((await store.status()).segments, 1);
    assert.equal(unwrap(await store.tidy()), false);
    assert.deepEqual(await everything(store), before);
    const reopened = await reopen();
    assert.deepEqual(await everything(reopened), before);
    const again = testBatch([{ observedNs: T0, body: 'again', uid: 'uid 333' }]);
    const receipt = await reopened.append(again, { source: 'test', sender: 's' });
    assert.deepEqual(unwrap(receipt), { stored: 0, repeated: 1 });
  });
});

test('a reader never misses a record nor sees one twice while segments become one', async () => {
  await small(async (store) => {
    let isTidying = true;
    let looks = 0;
    const read = async (): Promise<void> => {
      while (isTidying) {
        let cursor: string | undefined;
        const seen: string[] = [];
        do {
          const page = unwrap(await store.query({ limit: 97, order: 'oldest', cursor }));
          seen.push(...page.records.map(({ body }) => String(body).split(' ')[1] ?? ''));
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        assert.deepEqual(
          seen,
          Array.from({ length: ALL }, (_, i) => String(i)),
        );
        const from = timeNs(T0 + 3_000_000_000n);
        const counts = unwrap(await store.density({ from }, 10_000));
        assert.equal(
          counts.reduce((sum, { count }) => sum + count, 0),
          ALL - 3,
        );
        looks += 1;
        await turn();
      }
    };
    const readers = [read(), read()];
    while (unwrap(await store.tidy()));
    const rules = [{ components: ['nobody'], before: timeNs(2n ** 62n) }];
    unwrap(await store.retain({ before: timeNs(0n), rules, referred: [] }));
    isTidying = false;
    await Promise.all(readers);
    assert.ok(looks >= 2);
    assert.equal((await store.status()).segments, 1);
  });
});

test('words and traces of a large segment are found after a part of it went', async () => {
  const folder = await testFolder();
  const store = await openForTest(folder, memoryKeyring());
  const total = 10_000;
  try {
    const rows = Array.from({ length: total }, (_, i) => ({
      observedNs: T0 + BigInt(i),
      component: i % 10 === 3 ? 'noisy' : `c${i % 7}`,
      traceHigh: BigInt(i) << 40n,
      traceLow: BigInt(i + 1),
      body: `order x${i}y of many`,
      attributes: `{"number":"n${i}m"}`,
    }));
    unwrap(await store.append(testBatch(rows), { source: 'test', sender: 's' }));
    unwrap(await store.seal());
    const rules = [{ components: ['noisy'], before: timeNs(2n ** 62n) }];
    unwrap(await store.retain({ before: timeNs(0n), rules, referred: [] }));
    while (unwrap(await store.tidy()));
    assert.equal((await store.status()).records, total - total / 10);
    for (const i of [0, 1, 4095, 4096, 5001, 8191, 9999, 3, 5003, 9993]) {
      const isGone = i % 10 === 3;
      const traceId = ((BigInt(i) << 104n) | BigInt(i + 1)).toString(16).padStart(32, '0');
      for (const filter of [{ text: `ORDER X${i}Y of` }, { text: `n${i}m` }, { traceId }]) {
        const page = unwrap(await store.query({ ...filter, limit: 10, order: 'oldest' }));
        const found = page.records.map(({ body }) => body);
        assert.deepEqual(found, isGone ? [] : [`order x${i}y of many`]);
      }
    }
  } finally {
    await store.close();
    await fs.rm(folder, { recursive: true });
  }
});

test('a segment found damaged while it is merged is set aside, the others become one', async () => {
  const folder = await testFolder();
  const store = await openForTest(folder, memoryKeyring(), undefined, { mergeAtLeast: 2 });
  try {
    for (const body of ['a', 'b', 'c']) {
      const batch = testBatch([{ observedNs: T0, body }]);
      unwrap(await store.append(batch, { source: 'test', sender: 's' }));
      unwrap(await store.seal());
    }
    const path = `${folder}/segments/00000000002.seg`;
    const bytes = await fs.readFile(path);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await fs.writeFile(path, bytes);
    while (unwrap(await store.tidy()));
    const { segments, quarantined } = await store.status();
    assert.deepEqual([segments, quarantined.length], [1, 1]);
    const page = unwrap(await store.query({ limit: 10, order: 'arrival' }));
    assert.deepEqual(
      page.records.map(({ body }) => body),
      ['a', 'c'],
    );
  } finally {
    await store.close();
    await fs.rm(folder, { recursive: true });
  }
});
