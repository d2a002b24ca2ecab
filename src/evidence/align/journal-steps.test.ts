import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { canonicalJson } from '../../base/canonical-json.ts';
import { alignMoment, NO_OVERLAY } from '../../model/evidence/clock-overlay.ts';
import { RecordBatchBuilder, type RecordBatch } from '../../model/record/record-batch.ts';
import { ClockWatch } from './clock-watch.ts';

const BEGIN_MS = 1_790_000_000_000;
const AHEAD_MS = 40_000;
const ns = (ms: number): bigint => BigInt(Math.round(ms * 1e3)) * 1_000n;

/** An entry of the journal of a host whose clock is ahead, as the normalizers write it. */
function entry(trueMs: number, uptimeMs: number, aheadMs: number, observedMs: number): RecordBatch {
  const wallMs = trueMs + aheadMs;
  const builder = new RecordBatchBuilder();
  builder.add({
    kind: 'log',
    source: 'journal',
    clock: 'host:far',
    timeNs: ns(wallMs),
    observedNs: ns(observedMs),
    position: `s=0a;i=1;b=0b;m=0c;t=0d;x=0e`,
    attributes: canonicalJson({
      __MONOTONIC_TIMESTAMP: String(Math.round(uptimeMs * 1e3)),
      __REALTIME_TIMESTAMP: String(Math.round(wallMs * 1e3)),
      _BOOT_ID: '0123456789abcdef0123456789abcdef',
    }),
  });
  return builder.build();
}

/** Two minutes of a journal, an entry each second; then one more after a jump. */
function jumped(
  byMs: number,
  sleptMs: number,
  isOld = false,
): {
  readonly watch: ClockWatch;
  readonly steps: readonly { readonly byMs: number }[];
  readonly afterMs: number;
} {
  const watch = new ClockWatch(['host:near'], NO_OVERLAY);
  const heard = (trueMs: number): number => (isOld ? BEGIN_MS + 9e6 : trueMs + 4);
  for (let second = 0; second < 120; second += 1) {
    const trueMs = BEGIN_MS + 300 + second * 1_000;
    watch.observe(entry(trueMs, second * 1_000, AHEAD_MS, heard(trueMs)));
    if (second % 10 === 9) watch.look(ns(trueMs));
  }
  const afterMs = BEGIN_MS + 300 + 120_000 + sleptMs;
  watch.observe(entry(afterMs, 120_000, AHEAD_MS + byMs, heard(afterMs)));
  const { steps } = watch.look(ns(afterMs + 10));
  return { watch, steps, afterMs };
}

describe('steps in the journal of another host', () => {
  test('are told by one entry, and what follows is corrected by them at once', () => {
    for (const byMs of [-7_000, 3_000, 25_000]) {
      const { watch, steps, afterMs } = jumped(byMs, 0);
      assert.deepEqual(
        steps.map((step) => step.byMs),
        [byMs],
      );
      const pieces = watch.overlay.clocks.get('host:far');
      for (const [trueMs, aheadMs] of [
        [afterMs - 5_000, AHEAD_MS],
        [afterMs, AHEAD_MS + byMs],
        [afterMs + 2_000, AHEAD_MS + byMs],
      ] as const) {
        const raw = ns(trueMs + aheadMs);
        const { alignedNs, piece } = alignMoment(pieces, raw, ns(trueMs + 4));
        const wrongMs = Math.abs(Number(alignedNs - ns(trueMs)) / 1e6);
        assert.ok(wrongMs <= 50, `by ${byMs}: wrong by ${wrongMs} ms`);
        assert.ok(piece?.boundNs !== undefined);
      }
    }
  });

  test('are not seen where a machine slept, nor where it was only slow by milliseconds', () => {
    assert.deepEqual(jumped(0, 60_000).steps, []);
    assert.deepEqual(jumped(20, 0).steps, []);
  });

  test('of long ago do not touch what is known now', () => {
    assert.deepEqual(jumped(3_000, 0, true).steps, []);
  });
});
