import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { batchRecords } from './batch-records.ts';
import { RecordBatchBuilder } from './record-batch.ts';
import { selectRows } from './select-rows.ts';

test('selected rows are the records they were, ids and negative times included', () => {
  const id = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const time = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n });
  const row = fc.record({
    kind: fc.constantFrom('log' as const, 'span' as const),
    source: fc.constantFrom('a', 'b'),
    observedNs: time,
    timeNs: fc.option(time, { nil: undefined }),
    durationNs: fc.option(time, { nil: undefined }),
    severity: fc.nat(24),
    component: fc.constantFrom('', 'web', 'db'),
    traceHigh: id,
    traceLow: id,
    span: id,
    parentSpan: id,
    body: fc.string(),
    position: fc.string(),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(row, fc.boolean())), (rows) => {
      const builder = new RecordBatchBuilder(1);
      for (const [each] of rows) builder.add(each);
      const batch = builder.build();
      const chosen = rows.flatMap(([, isKept], at) => (isKept ? [at] : []));
      const all = batchRecords(batch, 0).map(({ id: _id, ...rest }) => rest);
      const kept = batchRecords(selectRows(batch, chosen), 0).map(({ id: _id, ...rest }) => rest);
      assert.deepEqual(
        kept,
        chosen.map((at) => all[at]),
      );
    }),
  );
});
