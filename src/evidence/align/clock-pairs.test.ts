import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { toRfc3339, timeNs } from '../../base/time.ts';
import { alignMoment, NO_OVERLAY } from '../../model/evidence/clock-overlay.ts';
import { pairOf } from '../../model/evidence/clock-pair.ts';
import { RecordBatchBuilder } from '../../model/record/record-batch.ts';
import { recordOrder } from '../../model/record/record-order.ts';
import { ClockWatch } from './clock-watch.ts';

const BEGIN_MS = 1_790_000_000_000;
const SECONDS = 480;
/** Young knowledge is left alone for five minutes. */
const WINDOW = { fromNs: nsAt(360), toNs: nsAt(SECONDS) };

/** Two clocks: what each is ahead of ours at a second. */
interface Pair {
  readonly till: (second: number) => number;
  readonly bank: (second: number) => number;
}

function nsAt(second: number): bigint {
  return BigInt(Math.round((BEGIN_MS + second * 1e3) * 1e3)) * 1_000n;
}

/** A call from till to bank a second, which takes 5 ms; each stamps by its own clock. */
function callAt(second: number, { till, bank }: Pair) {
  const builder = new RecordBatchBuilder();
  const stamp = (at: number, aheadMs: number): bigint => nsAt(at + aheadMs / 1e3);
  const span = BigInt(Math.round(second * 10) + 1);
  const common = { kind: 'span', source: 'otlp', observedNs: nsAt(second + 0.03) } as const;
  builder.add({
    ...common,
    clock: 'host:till',
    timeNs: stamp(second, till(second)),
    durationNs: 5_000_000n,
    span,
    traceLow: span,
    attributes: '{"span.kind":"client"}',
  });
  builder.add({
    ...common,
    clock: 'host:bank',
    timeNs: stamp(second + 0.001, bank(second)),
    durationNs: 3_000_000n,
    span: span + (1n << 40n),
    traceLow: span,
    parentSpan: span,
    attributes: '{"span.kind":"server"}',
  });
  return builder.build();
}

/** Both hosts answer us slowly, so that ours knows them to 200 ms; they call each other. */
function watched(pair: Pair, seconds = SECONDS): ClockWatch {
  const watch = new ClockWatch(['host:ours'], NO_OVERLAY);
  for (let second = 0; second < seconds; second += 1) {
    watch.observe(callAt(second, pair));
    if (second % 10 !== 9) continue;
    const [sentMs, receivedMs] = [BEGIN_MS + second * 1e3 - 200, BEGIN_MS + second * 1e3 + 200];
    for (const name of ['till', 'bank'] as const) {
      const theirMs = BEGIN_MS + second * 1e3 + pair[name](second);
      watch.exchange(`host:${name}`, { sentMs, receivedMs, theirMs, boot: 'one' });
    }
    watch.look(nsAt(second + 1));
  }
  return watch;
}

/** A record that truly happened then, as the timeline shows it. */
function record(watch: ClockWatch, pair: Pair, name: 'till' | 'bank', second: number) {
  const id = `host:${name}`;
  const time = nsAt(second + pair[name](second) / 1e3) + 1n;
  const { alignedNs, piece } = alignMoment(watch.overlay.clocks.get(id), time, nsAt(second + 0.03));
  const bound = piece?.boundNs === undefined ? {} : { boundNs: Number(piece.boundNs) };
  return {
    alignedNs,
    moment: {
      time: toRfc3339(timeNs(time)),
      alignedTime: toRfc3339(timeNs(alignedNs)),
      clock: { id, offsetNs: 0, method: piece?.method ?? 'none', ...bound },
    },
  };
}

const offset = fc.integer({ min: -5_000, max: 5_000 });
const ppm = fc.integer({ min: -300, max: 300 });
const pairs = fc.tuple(offset, ppm, offset, ppm).map(([a, byA, b, byB]): Pair => ({
  till: (s) => a + (byA * s) / 1e3,
  bank: (s) => b + (byB * s) / 1e3,
}));

describe('two clocks that know each other better than ours knows them', () => {
  test('what they may be off each other holds, is tighter, and tells no order that is not', () => {
    const apartMs = fc.integer({ min: -400, max: 400 });
    const world = fc.tuple(pairs, fc.array(fc.tuple(fc.nat(119), apartMs), { minLength: 5 }));
    fc.assert(
      fc.property(world, ([pair, events]) => {
        const watch = watched(pair);
        const known = watch.pairs(WINDOW);
        const bound = pairOf(known, 'host:bank', 'host:till');
        assert.ok(bound !== undefined);
        assert.deepEqual(watch.pairs(WINDOW), known);
        for (const [at, apart] of events) {
          const one = record(watch, pair, 'till', 360 + at);
          const other = record(watch, pair, 'bank', 360 + at + apart / 1e3);
          const seenMs = Number(other.alignedNs - one.alignedNs) / 1e6;
          assert.ok(Math.abs(seenMs - apart) * 1e6 <= bound.boundNs, `${seenMs} for ${apart}`);
          const order = recordOrder(one.moment, other.moment, known);
          if (order !== 'cannot tell') assert.equal(order, apart > 0 ? 'before' : 'after');
          const overOurs = recordOrder(one.moment, other.moment);
          if (overOurs !== 'cannot tell') assert.equal(order, overOurs);
        }
      }),
      { numRuns: 15 },
    );
  });

  test('clocks that agree are told apart by milliseconds where ours would need 400', () => {
    const pair: Pair = { till: () => 2, bank: () => 3 };
    const watch = watched(pair);
    const before = watch.overlay;
    const known = watch.pairs(WINDOW);
    assert.ok((known[0]?.boundNs ?? Infinity) < 10e6, JSON.stringify(known));
    const moments = [
      record(watch, pair, 'till', 400).moment,
      record(watch, pair, 'bank', 400.02).moment,
    ] as const;
    assert.equal(recordOrder(...moments), 'cannot tell');
    assert.equal(recordOrder(...moments, known), 'before');
    assert.equal(watch.overlay, before);
    assert.ok(watch.list().every(({ corrected }) => !corrected));
  });

  test('nothing is said of a time for which their relation is too young, or after a step', () => {
    const pair: Pair = { till: () => 2, bank: (second) => (second < 400 ? 3 : 2_003) };
    assert.deepEqual(watched(pair).pairs(WINDOW), []);
    const young = watched({ till: () => 2, bank: () => 3 }, 120);
    assert.deepEqual(young.pairs({ fromNs: nsAt(60), toNs: nsAt(120) }), []);
  });
});
