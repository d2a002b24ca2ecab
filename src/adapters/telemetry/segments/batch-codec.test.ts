import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  RecordBatchBuilder,
  type BatchRow,
  type RecordBatch,
} from '../../../model/record/record-batch.ts';
import { RECORD_KINDS } from '../../../model/record/timeline-record.ts';
import { decodeBatch } from './batch-decode.ts';
import { encodeBatch } from './batch-encode.ts';

const word = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constant('checkout'));
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const i64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

const row: fc.Arbitrary<BatchRow> = fc.record(
  {
    kind: fc.constantFrom(...RECORD_KINDS),
    observedNs: i64,
    source: word,
    timeNs: i64,
    durationNs: i64,
    severity: fc.integer({ min: 0, max: 24 }),
    component: word,
    eventName: word,
    resource: word,
    traceHigh: u64,
    traceLow: u64,
    span: u64,
    body: word,
    bodyIsJson: fc.boolean(),
    attributes: word,
    position: word,
    uid: word,
  },
  { requiredKeys: ['kind', 'observedNs', 'source'] },
);

function batchOf(rows: readonly BatchRow[]): RecordBatch {
  const builder = new RecordBatchBuilder();
  for (const each of rows) builder.add(each);
  return builder.build();
}

test('a batch that is encoded and decoded is the same batch', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
      const batch = batchOf(rows);
      const decoded = decodeBatch(encodeBatch(batch));
      assert.ok(decoded.ok);
      assert.deepEqual({ ...decoded.value }, { ...batch });
    }),
  );
});

test('texts that end and begin with half a character stay apart', () => {
  const rows = ['a\ud83d', '\ude00b'].map((body) => ({
    kind: 'log' as const,
    observedNs: 1n,
    source: 's',
    body,
  }));
  const decoded = decodeBatch(encodeBatch(batchOf(rows)));
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value.body, ['a\ufffd', '\ufffdb']);
});

test('bytes altered, cut or invented give an error or a batch within bounds, and no crash', () => {
  const altered = fc
    .tuple(fc.array(row, { maxLength: 6 }), fc.array(fc.tuple(fc.nat(), fc.nat(255))), fc.nat(40))
    .map(([rows, changes, cut]) => {
      const bytes = encodeBatch(batchOf(rows));
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      return bytes.subarray(0, Math.max(0, bytes.length - (cut > 20 ? 0 : cut)));
    });
  fc.assert(
    fc.property(fc.oneof(altered, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      const decoded = decodeBatch(bytes);
      if (!decoded.ok) return assert.equal(typeof decoded.error, 'string');
      const batch = decoded.value;
      for (const index of batch.component) assert.ok(index < batch.dictionary.length);
      assert.equal(batch.body.length, batch.rows);
    }),
    { numRuns: 3000 },
  );
});
