import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayHoldTrace, TraceCollector } from './trace-filter.ts';

/** Trace ids as a bad generator makes them: counted in the low half. */
function collect(count: number): Uint8Array {
  const lows = BigUint64Array.from({ length: count }, (_, i) => BigInt(i));
  const collector = new TraceCollector();
  collector.add(
    { constant: true, values: new Uint8Array(new BigUint64Array([7n]).buffer) },
    { constant: false, values: new Uint8Array(lows.buffer) },
  );
  return collector.filter();
}

test('a filter knows every trace it was made of and few others', () => {
  const filter = collect(5000);
  assert.equal(filter.length, 5000);
  for (let i = 0n; i < 5000n; i += 1n) assert.ok(mayHoldTrace(filter, 7n, i));
  let wrong = 0;
  for (let i = 5000n; i < 15_000n; i += 1n) if (mayHoldTrace(filter, 7n, i)) wrong += 1;
  assert.ok(wrong < 500, `${wrong} of 10000 others`);
});

test('records without a trace make no filter, and no trace is found in it', () => {
  const zero = { constant: true, values: new Uint8Array(8) };
  const collector = new TraceCollector();
  collector.add(zero, zero);
  assert.equal(collector.filter().length, 0);
  assert.ok(!mayHoldTrace(collector.filter(), 0n, 1n));
});
