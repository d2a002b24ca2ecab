import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { test } from 'node:test';
import fc from 'fast-check';
import { unwrap } from '../../../base/result.ts';
import type { BatchRow } from '../../../model/record/record-batch.ts';
import type { TelemetryStore } from '../../../ports/telemetry-store.ts';
import { memoryKeyring, openForTest, testBatch, testFolder } from './testdata/store-fixture.ts';

const word = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('checkout', 'payment', 'gateway'),
);
const time = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n });
const id = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

const row: fc.Arbitrary<Omit<BatchRow, 'kind' | 'source'>> = fc.record(
  {
    observedNs: time,
    timeNs: time,
    durationNs: fc.bigInt({ min: 0n, max: 2n ** 40n }),
    severity: fc.integer({ min: 0, max: 24 }),
    component: word,
    host: word,
    eventName: word,
    traceHigh: id,
    traceLow: id,
    span: id,
    body: word,
    position: word,
  },
  { requiredKeys: ['observedNs'] },
);

/** Parts of what a word may be, and separators that make inner words of them. */
const SOUGHT = ['a', ' ', 'checkout', '.', '"', '\\', 'k i', ' 1 ', '/x/', '-'];

/** How many records are found by each text. */
async function searches(store: TelemetryStore): Promise<readonly number[]> {
  const counts: number[] = [];
  for (const text of SOUGHT) {
    const { records } = unwrap(await store.query({ limit: 10_000, order: 'oldest', text }));
    counts.push(records.length);
  }
  return counts;
}

test('records are printed the same before and after they are sealed', async () => {
  const folder = await testFolder();
  const store = await openForTest(folder, memoryKeyring());
  try {
    const rows = fc.array(row, { maxLength: 60 });
    const batches = fc.sample(fc.array(rows, { minLength: 8, maxLength: 12 }), {
      numRuns: 3,
      seed: 7,
    });
    for (const group of batches) {
      for (const each of group) {
        unwrap(await store.append(testBatch(each), { source: 'test', sender: 's' }));
      }
      const before = unwrap(await store.query({ limit: 10_000, order: 'arrival' }));
      const newest = unwrap(await store.query({ limit: 10_000, order: 'newest' }));
      const searched = await searches(store);
      unwrap(await store.seal());
      assert.deepEqual(await searches(store), searched);
      assert.deepEqual(unwrap(await store.query({ limit: 10_000, order: 'arrival' })), before);
      assert.deepEqual(unwrap(await store.query({ limit: 10_000, order: 'newest' })), newest);
      assert.equal(before.records.length, (await store.status()).records);
    }
  } finally {
    await store.close();
    await fs.rm(folder, { recursive: true });
  }
});

test('a segment of many row groups has every record and finds the few asked for', async () => {
  const folder = await testFolder();
  const store = await openForTest(folder, memoryKeyring());
  const total = 40_000;
  const start = 1_790_000_000_000_000_000n;
  try {
    for (let from = 0; from < total; from += 4000) {
      const rows = Array.from({ length: 4000 }, (_, i) => ({
        observedNs: start + BigInt(from + i) * 1_000_000n,
        component: `c${(from + i) % 7}`,
        traceLow: BigInt(from + i + 1),
        body: `Record ${from + i} of many`,
        ...([0, 39_997].includes(from + i) ? { attributes: `{"needle":${from + i}}` } : {}),
      }));
      unwrap(await store.append(testBatch(rows), { source: 'test', sender: 's' }));
    }
    unwrap(await store.seal());
    // The first and the last row group, with one between them that stays encrypted.
    const ends = unwrap(await store.query({ limit: 10, order: 'oldest', text: 'needle' }));
    assert.deepEqual(
      ends.records.map(({ attributes }) => attributes),
      [{ needle: 0 }, { needle: 39_997 }],
    );
    // Searches first: each decrypts only what it needs, and must not leave holes for others.
    for (const wanted of [0, 17_345, 39_999]) {
      const text = `RECORD ${wanted} of`;
      const found = unwrap(await store.query({ limit: 10, order: 'newest', text }));
      assert.deepEqual(
        found.records.map(({ body }) => body),
        [`Record ${wanted} of many`],
      );
      const traceId = (wanted + 1).toString(16).padStart(32, '0');
      const traced = unwrap(await store.query({ limit: 10, order: 'oldest', traceId }));
      assert.deepEqual(traced.records, found.records);
    }
    let cursor: string | undefined;
    let next = 0;
    do {
      const page = unwrap(await store.query({ limit: 10_000, order: 'oldest', cursor }));
      for (const { body } of page.records) assert.equal(body, `Record ${next++} of many`);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    assert.equal(next, total);
    const third = unwrap(
      await store.query({ limit: 100, order: 'newest', components: ['c3'], text: ' 3' }),
    );
    assert.equal(third.records[0]?.body, 'Record 39994 of many');
  } finally {
    await store.close();
    await fs.rm(folder, { recursive: true });
  }
});
