import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { test } from 'node:test';
import fc from 'fast-check';
import { unwrap } from '../../../base/result.ts';
import type { BatchRow } from '../../../model/record-batch.ts';
import { memoryKeyring, openForTest, testBatch, testFolder } from './store-fixture.ts';

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
      unwrap(await store.seal());
      assert.deepEqual(unwrap(await store.query({ limit: 10_000, order: 'arrival' })), before);
      assert.deepEqual(unwrap(await store.query({ limit: 10_000, order: 'newest' })), newest);
      assert.equal(before.records.length, (await store.status()).records);
    }
  } finally {
    await store.close();
    await fs.rm(folder, { recursive: true });
  }
});
