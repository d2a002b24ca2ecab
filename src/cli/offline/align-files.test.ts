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
      rows.add({ ...span, timeNs: at, durationNs: 10n * MS, span: id * 2n, clock: 'host:shop' });
      rows.add({
        ...span,
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

test('of two clocks that differ one is corrected by what calls between them tell', () => {
  const { clocks } = overlayOfFiles(calls(400n, 3));
  const at = START + 60_000n * MS;
  const shift = (clock: string): number => {
    const piece = clocks.get(clock)?.findLast(({ fromNs }) => fromNs <= at);
    return piece === undefined ? 0 : Number(offsetOf(piece, at)) / 1e6;
  };
  // Nobody can say which of them is right, but they must agree: each way takes a millisecond.
  const apart = shift('host:payment') - shift('host:shop');
  assert.ok(Math.abs(apart - 400) <= 1, `they are ${apart} ms apart`);
});

test('clocks that agree are left alone, and files without calls correct nothing', () => {
  const { clocks } = overlayOfFiles(calls(0n, 3));
  assert.ok([...clocks.values()].flat().every(({ corrects }) => !corrects));
  assert.equal(overlayOfFiles([]), NO_OVERLAY);
});
