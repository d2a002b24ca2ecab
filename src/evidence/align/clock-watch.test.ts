import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  alignMoment,
  boundOfStamp,
  NO_OVERLAY,
  type ClockOverlay,
} from '../../model/evidence/clock-overlay.ts';
import { RecordBatchBuilder, type RecordBatch } from '../../model/record/record-batch.ts';
import { ClockWatch } from './clock-watch.ts';

const BEGIN_NS = 1_790_000_000_000_000_000n;
const SECOND = 1_000_000_000n;

/** What the clock of the server is ahead at a second of the test. */
type Ahead = (second: number) => bigint;

const ms = (value: number): bigint => BigInt(Math.round(value * 1e6));

/** Both sides of five calls in a second of ours; the server's clock is `far`. */
function calls(second: number, ahead: Ahead): RecordBatch {
  const builder = new RecordBatchBuilder();
  for (let part = 0; part < 5; part += 1) {
    const startNs = BEGIN_NS + BigInt(second) * SECOND + BigInt(part) * 200_000_000n;
    const span = BigInt(second * 5 + part + 1);
    const observedNs = startNs + ms(30);
    const common = { kind: 'span', source: 'otlp', observedNs, traceLow: span } as const;
    builder.add({
      ...common,
      clock: 'host:near',
      timeNs: startNs,
      durationNs: ms(5),
      span,
      attributes: '{"span.kind":"client"}',
    });
    builder.add({
      ...common,
      clock: 'host:far',
      timeNs: startNs + ms(1) + ahead(second + part / 5),
      durationNs: ms(3),
      span: span + (1n << 40n),
      parentSpan: span,
      attributes: '{"span.kind":"server"}',
    });
  }
  return builder.build();
}

function watched(seconds: number, ahead: Ahead, from: ClockOverlay = NO_OVERLAY): ClockWatch {
  const watch = new ClockWatch(['host:near'], from);
  for (let second = 0; second < seconds; second += 1) {
    watch.observe(calls(second, ahead));
    if (second % 10 === 9) watch.look(BEGIN_NS + BigInt(second + 1) * SECOND);
  }
  return watch;
}

function aligned(watch: ClockWatch, second: number, ahead: Ahead): number {
  const trueNs = BEGIN_NS + ms(second * 1_000);
  const pieces = watch.overlay.clocks.get('host:far');
  const { alignedNs } = alignMoment(pieces, trueNs + ahead(second), trueNs + ms(30));
  return Number(alignedNs - trueNs) / 1e6;
}

describe('watching the clocks of what goes by', () => {
  test('corrects what another host stamped, from before it was known on', () => {
    const ahead: Ahead = (second) => ms(350 + 0.04 * second);
    const watch = watched(300, ahead);
    for (const second of [0, 5, 100, 299]) {
      assert.ok(Math.abs(aligned(watch, second, ahead)) < 1, `at ${second} s`);
    }
  });

  test('leaves clocks that agree, and our own, as they are', () => {
    const watch = watched(60, () => ms(0.3));
    assert.equal(
      aligned(watch, 30, () => 0n),
      0,
    );
    assert.deepEqual(
      watch.list().map(({ clock, corrected }) => [clock, corrected]),
      [['host:far', false]],
    );
  });

  test('corrects both sides of a step, each by its own offset', () => {
    for (const byMs of [-200, 2_000]) {
      const ahead: Ahead = (second) => ms(350 + (second >= 150.1 ? byMs : 0));
      const watch = watched(300, ahead);
      for (const second of [20, 149, 152, 299]) {
        assert.ok(Math.abs(aligned(watch, second, ahead)) < 1.5, `${byMs} at ${second} s`);
      }
    }
  });

  test('bounds what a device of whole seconds sent, however far its clock is off', () => {
    const aheads = fc.integer({ min: -100_000, max: 100_000 });
    const gaps = fc.array(fc.integer({ min: 1_000, max: 30_000 }), {
      minLength: 60,
      maxLength: 60,
    });
    const slow = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 60, maxLength: 60 });
    const kept = fc.property(aheads, gaps, slow, (aheadMs, gapsMs, slowMs) => {
      const watch = new ClockWatch(['host:near'], NO_OVERLAY);
      const sent: { readonly trueNs: bigint; readonly raw: bigint; readonly seen: bigint }[] = [];
      let trueNs = BEGIN_NS;
      for (const [at, gap] of gapsMs.entries()) {
        trueNs += ms(gap);
        const reading = trueNs + ms(aheadMs);
        const raw = reading - (reading % SECOND);
        const seen = trueNs + ms(slowMs[at] ?? 1);
        sent.push({ trueNs, raw, seen });
        const builder = new RecordBatchBuilder();
        const stamps = { timeNs: raw, observedNs: seen, clock: 'device:pdu' };
        builder.add({ kind: 'log', source: 'syslog', ...stamps });
        watch.observe(builder.build());
        watch.look(seen);
      }
      assert.deepEqual(
        watch.list().map(({ method }) => method),
        ['whole-seconds'],
      );
      const pieces = watch.overlay.clocks.get('device:pdu');
      for (const one of sent) {
        const { alignedNs, piece } = alignMoment(pieces, one.raw, one.seen);
        const bound = boundOfStamp(piece, one.raw) ?? one.seen;
        const wrong = alignedNs < one.trueNs ? one.trueNs - alignedNs : alignedNs - one.trueNs;
        assert.ok(wrong <= bound, `wrong by ${wrong} ns, bound ${bound} ns`);
      }
    });
    fc.assert(kept, { numRuns: 50 });
  });

  test('adds what a stamp without a fraction hides to the bound of its clock', () => {
    const watch = watched(60, () => ms(350));
    const pieces = watch.overlay.clocks.get('host:far');
    const raw = BEGIN_NS + 30n * SECOND;
    const { piece } = alignMoment(pieces, raw, raw);
    const fine = boundOfStamp(piece, raw + 1_000n) ?? 0n;
    assert.ok(fine > 0n && fine < ms(5));
    assert.equal(boundOfStamp(piece, raw), fine + SECOND);
  });

  test('knows a host by what its runner answers, and anew after it was booted anew', () => {
    const watch = new ClockWatch(['host:near'], NO_OVERLAY);
    const beginMs = Number(BEGIN_NS) / 1e6;
    const ask = (second: number, aheadMs: number, boot: string): void => {
      // Asked anywhere in a millisecond, two on the way there and three back.
      const sent = beginMs + second * 1_000 + (second % 7) / 7;
      const reading = Math.floor(sent + 2 + aheadMs);
      const [sentMs, receivedMs] = [Math.floor(sent), Math.floor(sent + 5)];
      watch.exchange('host:far', { sentMs, receivedMs, theirMs: reading, boot });
      watch.exchange('host:near', { sentMs, receivedMs, theirMs: reading + 9_000, boot });
      if (second % 10 === 5) watch.look(BEGIN_NS + BigInt(second) * SECOND);
    };
    const known = (aheadMs: number): void => {
      const [far, ...others] = watch.list();
      assert.deepEqual(others, []);
      assert.equal(far?.method, 'exchanges');
      const [wrongNs, boundNs] = [Math.abs(far.offsetNs - aheadMs * 1e6), far.boundNs ?? 0];
      assert.ok(wrongNs <= boundNs && boundNs < 20e6, `${wrongNs} ${boundNs}`);
    };
    for (let second = 0; second <= 60; second += 5) ask(second, 350.4, 'one');
    known(350.4);
    // It stood still for an hour, and came back with the clock of its board.
    for (let second = 3_660; second <= 3_695; second += 5) ask(second, -7_200_000, 'two');
    known(-7_200_000);
  });

  test('relates hosts over true time, which is no clock of records and is never set', () => {
    const watch = new ClockWatch(['host:near'], NO_OVERLAY);
    const beginMs = Number(BEGIN_NS) / 1e6;
    for (let second = 0; second < 900; second += 64) {
      const atMs = beginMs + second * 1_000;
      // We are 3 ms behind true time, the other one 400 ms ahead of it, later 1400.
      watch.prior('host:near', atMs, 3, 2);
      watch.prior('host:far', atMs, second < 400 ? -400 : -1_400, 5);
      const { steps } = watch.look(BEGIN_NS + BigInt(second + 1) * SECOND);
      assert.ok(steps.every(({ clock }) => clock === 'host:far'));
    }
    const [far, utc] = watch.list();
    assert.deepEqual(far?.via, ['ours', 'utc', 'host:far']);
    assert.equal(utc?.clock, 'utc');
    for (const [one, trueMs] of [
      [far, 1_403],
      [utc, 3],
    ] as const) {
      assert.ok(Math.abs(one.offsetNs / 1e6 - trueMs) <= (one.boundNs ?? 0) / 1e6);
      assert.equal(one.method, 'ntp');
    }
    assert.equal(watch.overlay.clocks.has('utc'), false);
  });

  test('tells nothing new when it is looked again, or sees the same again', () => {
    const ahead: Ahead = (second) => ms(350 + 0.04 * second);
    const watch = watched(300, ahead);
    const before = [watch.overlay, watch.list()];
    const nowNs = BEGIN_NS + 300n * SECOND;
    assert.equal(watch.look(nowNs).overlay, undefined);
    for (let second = 100; second < 290; second += 1) watch.observe(calls(second, ahead));
    const { overlay, steps } = watch.look(nowNs);
    assert.deepEqual([overlay, steps], [undefined, []]);
    assert.deepEqual([watch.overlay, watch.list()], before);
  });

  test('goes on after a restart where it was', () => {
    const ahead: Ahead = () => ms(350);
    const before = watched(60, ahead);
    const after = new ClockWatch(['host:near'], before.overlay);
    assert.ok(Math.abs(aligned(after, 30, ahead)) < 1);
    after.observe(calls(100, ahead));
    after.look(BEGIN_NS + 110n * SECOND);
    assert.ok(Math.abs(aligned(after, 30, ahead)) < 1, 'what was known of the past stays');
    assert.ok(after.overlay.version >= before.overlay.version);
  });

  test('keeps what is known of a clock that drifts in few pieces', () => {
    const watch = watched(1_800, (second) => ms(350 + 0.04 * second));
    const pieces = watch.overlay.clocks.get('host:far') ?? [];
    assert.ok(pieces.length > 0 && pieces.length < 30, `${pieces.length}`);
  });

  test('never puts two records of a clock in another order than they came in', () => {
    const ahead: Ahead = (second) => ms(350 + 0.5 * second + (second >= 150 ? 700 : 0));
    const pieces = watched(300, ahead).overlay.clocks.get('host:far');
    const moment = fc.bigInt({ min: 0n, max: 310n * SECOND });
    fc.assert(
      fc.property(moment, moment, moment, (a, b, delay) => {
        const [first, second] = a < b ? [a, b] : [b, a];
        const at = (raw: bigint, observed: bigint): bigint =>
          alignMoment(pieces, BEGIN_NS + raw, BEGIN_NS + observed).alignedNs;
        assert.ok(at(first, first + delay / 10n) <= at(second, second + delay / 10n));
      }),
      { numRuns: 2_000 },
    );
  });
});
