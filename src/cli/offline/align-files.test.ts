import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offsetOf, NO_OVERLAY } from '../../model/evidence/clock-overlay.ts';
import { RecordBatchBuilder, type RecordBatch } from '../../model/record/record-batch.ts';
import { overlayOfFiles } from './align-files.ts';

const START = 1_795_168_800_000_000_000n;
const MS = 1_000_000n;

/** Calls from shop to payment for some minutes; payment's clock is so much ahead. */
function calls(aheadMs: bigint, minutes: number): readonly RecordBatch[] {
  return Array.from({ length: minutes * 6 }, (_, part) => {
    const rows = new RecordBatchBuilder();
    for (let n = 0; n < 20; n += 1) {
      const id = BigInt(part * 20 + n + 1);
      const at = START + BigInt(part * 10_000 + n * 500) * MS;
      const span = { kind: 'span', observedNs: START, source: 'file', traceLow: id } as const;
      rows.add({
        ...span,
        timeNs: at,
        durationNs: 10n * MS,
        span: id * 2n,
        clock: 'host:shop',
        attributes: '{"span.kind":"client"}',
      });
      rows.add({
        ...span,
        attributes: '{"span.kind":"server"}',
        timeNs: at + (1n + aheadMs) * MS,
        durationNs: 8n * MS,
        span: id * 2n + 1n,
        parentSpan: id * 2n,
        clock: 'host:payment',
      });
    }
    return rows.build();
  });
}

/** The same calls of somebody else. */
function renamed(batches: readonly RecordBatch[], from: string, to: string): RecordBatch[] {
  const other = (ids: RecordBatch['span']): RecordBatch['span'] =>
    ids.map((id) => (id === 0n ? 0n : id + (1n << 40n)));
  return batches.map((batch) => ({
    ...batch,
    dictionary: batch.dictionary.map((text) => text.replace(from, to)),
    span: other(batch.span),
    parentSpan: other(batch.parentSpan),
  }));
}

test('of two clocks that differ one is corrected by what calls between them tell', () => {
  const { clocks } = overlayOfFiles(calls(400n, 3));
  const at = START + 60_000n * MS;
  const shift = (clock: string): number => {
    const piece = clocks.get(clock)?.findLast(({ fromNs }) => fromNs <= at);
    return piece === undefined ? 0 : Number(offsetOf(piece, at)) / 1e6;
  };
  // Nobody can say which of them is right, but they must agree: each way takes a millisecond.
  assert.ok(Math.abs(shift('host:payment') - shift('host:shop') - 400) < 0.001);
  const bounds = [...clocks.values()].map((pieces) => Number(pieces.at(-1)?.boundNs) / 1e6);
  assert.ok(
    bounds.every((bound) => bound < 5),
    `bounds are those between the two: ${bounds}`,
  );
});

test('the clock in the middle is taken as right, whoever calls whom', () => {
  for (const [right, aheadOfShopMs, cacheMs] of [
    ['host:payment', 200n, 700n],
    ['host:shop', 300n, -300n],
    ['host:cache', 500n, 300n],
  ] as const) {
    const cache = renamed(calls(cacheMs, 3), 'host:payment', 'host:cache');
    const { clocks } = overlayOfFiles([...calls(aheadOfShopMs, 3), ...cache]);
    const left = [...clocks].filter(([, pieces]) => pieces.every(({ corrects }) => !corrects));
    assert.deepEqual(
      left.map(([clock]) => clock),
      [right],
    );
  }
});

test('clocks of which no call tells how they stand to the others have no bound to them', () => {
  const others = renamed(calls(90n, 3), 'host:', 'host:other-');
  const { clocks } = overlayOfFiles([...calls(400n, 3), ...others]);
  const bounded = [...clocks].filter(([, pieces]) =>
    pieces.every(({ boundNs }) => boundNs !== undefined),
  );
  assert.equal(bounded.length, 2);
  assert.equal(clocks.size, 4);
  const corrected = [...clocks.values()].filter((pieces) => pieces.at(-1)?.corrects);
  assert.equal(corrected.length, 2, 'one of each pair agrees with the other');
});

test('clocks that agree are left alone, and files without calls correct nothing', () => {
  const { clocks } = overlayOfFiles(calls(0n, 3));
  assert.ok([...clocks.values()].flat().every(({ corrects }) => !corrects));
  assert.equal(overlayOfFiles([]), NO_OVERLAY);
});
