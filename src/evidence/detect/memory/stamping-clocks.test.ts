import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromUnixMs } from '../../../base/time.ts';
import type { ClockOverlay, ClockPiece } from '../../../model/evidence/clock-overlay.ts';
import { RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import { EvidenceMemory } from './evidence-memory.ts';

const at = (second: number): bigint => fromUnixMs(Date.UTC(2026, 10, 20, 14, 0, second));

const piece = (second: number, boundMs: number | undefined): ClockPiece => ({
  fromNs: at(second),
  rawNs: at(second),
  offsetNs: 0n,
  driftPpb: 0,
  ...(boundMs === undefined ? {} : { boundNs: BigInt(boundMs) * 1_000_000n }),
  method: 'one-way',
  corrects: false,
});

/** What is told of the clock of `checkout` in a window, heard by these clocks. */
function told(clocks: readonly string[], overlay: ClockOverlay['clocks']): unknown {
  const memory = new EvidenceMemory();
  const builder = new RecordBatchBuilder();
  for (const [second, clock] of clocks.entries()) {
    const timeNs = at(second);
    const row = { kind: 'log', source: 's', timeNs, observedNs: timeNs } as const;
    builder.add({ ...row, component: 'checkout', clock });
  }
  memory.observe(builder.build(), at(40));
  const window = { fromNs: at(10), toNs: at(40) };
  const [only, ...more] = memory.summary(window, { version: 1, clocks: overlay }).clocks;
  assert.deepEqual(more, []);
  return only;
}

test('a component is as sure as its clock was at its worst in the window', () => {
  const pieces = [piece(0, 900), piece(5, 20), piece(20, 120), piece(30, 40), piece(50, 700)];
  assert.deepEqual(told(['host:a'], new Map([['host:a', pieces]])), {
    component: 'checkout',
    id: 'host:a',
    boundNs: 120e6,
    method: 'one-way',
  });
});

test('replicas on two machines are as sure as the worse clock, and of no clock in common', () => {
  const overlay = new Map([
    ['host:a', [piece(0, 5)]],
    ['host:b', [piece(0, 80)]],
  ]);
  const expected = { component: 'checkout', id: '', boundNs: 80e6, method: 'one-way' };
  assert.deepEqual(told(['host:a', 'host:b', 'host:a'], overlay), expected);
});

test('a clock that nothing relates to ours has no bound, nor one that was related later', () => {
  const expected = { component: 'checkout', id: 'host:a', method: 'none' };
  assert.deepEqual(told(['host:a'], new Map()), expected);
  assert.deepEqual(told(['host:a'], new Map([['host:a', [piece(30, 5)]]])), expected);
  assert.deepEqual(told(['host:a'], new Map([['host:a', [piece(0, undefined)]]])), expected);
});
