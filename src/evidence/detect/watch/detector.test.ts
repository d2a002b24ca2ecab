import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromUnixMs, toRfc3339 } from '../../../base/time.ts';
import {
  type BatchRow,
  type RecordBatch,
  RecordBatchBuilder,
} from '../../../model/record/record-batch.ts';
import type { Signal } from '../../../model/incident/signal.ts';
import type { TriggerRule } from '../../../model/incident/trigger.ts';
import { createDetector } from './detector.ts';

const START_MS = Date.UTC(2026, 10, 20, 14, 0, 0);

/** A record at so many seconds after the start. */
type Row = Partial<BatchRow> & { readonly at: number };

const ns = (seconds: number): bigint => fromUnixMs(START_MS + seconds * 1000);
const iso = (seconds: number): string => toRfc3339(fromUnixMs(START_MS + seconds * 1000));

function batchOf(rows: readonly Row[]): RecordBatch {
  const builder = new RecordBatchBuilder();
  for (const { at, ...row } of rows) {
    const time = ns(at);
    builder.add({
      kind: 'log',
      component: 'checkout',
      source: 's',
      timeNs: time,
      observedNs: time,
      ...row,
    });
  }
  return builder.build();
}

const error = (at: number): Row => ({ at, severity: 17 });
const info = (at: number): Row => ({ at, severity: 9 });
const span = (at: number, severity: number, ms = 10): Row => ({
  at,
  severity,
  kind: 'span',
  durationNs: BigInt(Math.round(ms * 1e6)),
});
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

const base = { windowMs: 10_000, forMs: 0, actions: ['incident'] } as const;
const errors: TriggerRule = {
  ...base,
  name: 'errors',
  signal: 'log-rate',
  component: 'checkout',
  minSeverity: 17,
  above: 2,
  clearAt: 1,
};
const ratio: TriggerRule = {
  ...base,
  name: 'ratio',
  signal: 'error-ratio',
  above: 0.05,
  clearAt: 0.02,
  minCount: 20,
};
const slow: TriggerRule = {
  ...base,
  name: 'slow',
  signal: 'span-latency',
  above: 500,
  clearAt: 400,
  quantile: 0.9,
  minCount: 10,
};

const told = (signals: readonly Signal[]): readonly string[] =>
  signals.map(
    (signal) => `${signal.phase} ${signal.trigger} ${signal.component}: ${signal.reason}`,
  );

test('a log rate fires with the record that passes the limit and names the first bad one', () => {
  const detector = createDetector([errors]);
  assert.deepEqual(detector.observe(batchOf([info(0), info(1)]), ns(1)), []);
  const calm = range(20).map((i) => error(5 + i / 10));
  assert.deepEqual(detector.observe(batchOf(calm), ns(7)), []);
  const [signal, ...more] = detector.observe(batchOf([error(7), error(7.1)]), ns(7.2));
  assert.deepEqual(more, []);
  assert.equal(signal?.firstBadAt, iso(5));
  assert.equal(signal?.at, iso(7.2));
  assert.equal(signal?.value, 2.1);
  assert.deepEqual(told(signal ? [signal] : []), [
    'raised errors checkout: checkout wrote 21 records of ERROR or above in 10s (2.1/s), above 2/s',
  ]);
});

test('it clears when the rate is at or under clearAt, once, and fires anew afterwards', () => {
  const detector = createDetector([errors]);
  const burst = (at: number): RecordBatch => batchOf(range(30).map((i) => error(at + i / 100)));
  assert.equal(detector.observe(burst(0), ns(1)).length, 1);
  assert.deepEqual(detector.tick(ns(9)), []);
  const cleared = detector.tick(ns(16));
  assert.deepEqual(told(cleared), [
    'cleared errors checkout: ' +
      'checkout wrote 0 records of ERROR or above in 10s (0/s), at or under 1/s',
  ]);
  assert.deepEqual(detector.tick(ns(20)), []);
  assert.deepEqual(
    detector.observe(burst(30), ns(31)).map(({ phase }) => phase),
    ['raised'],
  );
});

test('between clearAt and the limit a firing trigger goes on firing', () => {
  const detector = createDetector([errors]);
  detector.observe(batchOf(range(30).map((i) => error(i / 100))), ns(1));
  for (const second of range(60)) {
    const some = batchOf([error(1 + second), error(1.5 + second)]);
    assert.deepEqual(detector.observe(some, ns(2 + second)), []);
  }
  assert.equal(detector.states(ns(61))[0]?.state, 'firing');
});

test('a condition that does not hold for the time given never fires', () => {
  const held: TriggerRule = { ...errors, forMs: 20_000 };
  const detector = createDetector([held]);
  detector.observe(batchOf(range(30).map((i) => error(i / 100))), ns(1));
  assert.equal(detector.states(ns(1))[0]?.state, 'pending');
  assert.deepEqual(detector.tick(ns(60)), []);
  assert.equal(detector.states(ns(60))[0]?.state, 'quiet');
  assert.equal(detector.states(ns(90))[0]?.state, 'no-data');
});

test('a condition that holds for the time given fires, bad since its first record', () => {
  const held: TriggerRule = { ...errors, forMs: 20_000 };
  const detector = createDetector([held]);
  const signals = range(40).flatMap((second) =>
    detector.observe(batchOf(range(5).map((i) => error(second + i / 5))), ns(second + 1)),
  );
  assert.equal(signals.length, 1);
  assert.equal(signals[0]?.firstBadAt, iso(0));
  const at = Date.parse(signals[0]?.at ?? '');
  assert.ok(at >= START_MS + 20_000 && at <= START_MS + 27_000, signals[0]?.at);
});

test('an error ratio judges each component by itself and only with enough spans', () => {
  const detector = createDetector([ratio]);
  const few = batchOf(range(10).map((i) => ({ ...span(i / 10, 17), component: 'catalog' })));
  assert.deepEqual(detector.observe(few, ns(1)), []);
  const many = range(60).map((i) => ({
    ...span(2 + i / 20, i % 2 === 0 ? 17 : 0),
    component: 'gateway',
  }));
  const signals = detector.observe(batchOf(many), ns(5));
  assert.deepEqual(told(signals), [
    'raised ratio gateway: 10 of 20 spans of gateway failed in 10s (50 %), above 5 %',
  ]);
});

test('silence is no proof of health: a ratio without spans stays firing', () => {
  const detector = createDetector([ratio]);
  detector.observe(batchOf(range(30).map((i) => span(i / 10, 17))), ns(3));
  assert.deepEqual(detector.tick(ns(600)), []);
  assert.equal(detector.states(ns(600))[0]?.state, 'firing');
  const healthy = batchOf(range(30).map((i) => span(601 + i / 10, 0)));
  assert.equal(detector.observe(healthy, ns(604))[0]?.phase, 'cleared');
});

test('a latency fires by exact counts and shows the quantile within a thirtieth', () => {
  const detector = createDetector([slow]);
  const spans = range(40).map((i) => span(i / 10, 0, i % 4 === 0 ? 800 : 20));
  const [signal] = detector.observe(batchOf(spans), ns(5));
  assert.equal(signal?.trigger, 'slow');
  assert.ok(Math.abs((signal?.value ?? 0) - 800) <= 800 / 31, String(signal?.value));
  const justUnder = createDetector([slow]);
  const tenth = range(40).map((i) => span(i / 10, 0, i % 10 === 9 ? 800 : 499));
  assert.deepEqual(justUnder.observe(batchOf(tenth), ns(5)), []);
});

test('a call that took longer than the window counts when it ends, bad since it began', () => {
  const detector = createDetector([{ ...ratio, minCount: 3 }]);
  const timeouts = batchOf(range(3).map((i) => span(i, 17, 30_000)));
  const [signal] = detector.observe(timeouts, ns(33));
  assert.equal(signal?.firstBadAt, iso(0));
});

test('an event fires at its first occurrence above the limit', () => {
  const rule: TriggerRule = {
    ...base,
    name: 'failed',
    signal: 'event',
    event: 'deployment.failed',
    above: 0,
    clearAt: 0,
  };
  const detector = createDetector([rule]);
  const event = (at: number, eventName: string): Row => ({ at, kind: 'event', eventName });
  assert.deepEqual(detector.observe(batchOf([event(0, 'deployment.completed')]), ns(0)), []);
  const signals = detector.observe(batchOf([event(1, 'deployment.failed')]), ns(1));
  assert.deepEqual(told(signals), [
    'raised failed checkout: deployment.failed occurred 1 times on checkout in 10s, above 0',
  ]);
});

test('an external alert fires while one that matches is active', () => {
  const rule: TriggerRule = {
    ...base,
    name: 'page',
    signal: 'alert',
    match: { severity: 'critical' },
  };
  const detector = createDetector([rule]);
  const alert = (at: number, severity: string, state: string, id: string): RecordBatch =>
    batchOf([
      {
        at,
        kind: 'alert',
        attributes: JSON.stringify({
          'alert.state': state,
          'alert.fingerprint': id,
          'alert.label.severity': severity,
        }),
      },
    ]);
  assert.deepEqual(detector.observe(alert(0, 'warning', 'firing', 'a'), ns(0)), []);
  assert.equal(detector.observe(alert(1, 'critical', 'firing', 'b'), ns(1))[0]?.phase, 'raised');
  assert.deepEqual(detector.observe(alert(2, 'critical', 'firing', 'b'), ns(2)), []);
  assert.deepEqual(detector.observe(alert(3, 'critical', 'resolved', 'c'), ns(3)), []);
  assert.equal(detector.observe(alert(4, 'critical', 'resolved', 'b'), ns(4))[0]?.phase, 'cleared');
});

test('old records read again and records from a clock far ahead fire nothing wrong', () => {
  const detector = createDetector([errors]);
  const yesterday = batchOf(range(500).map((i) => error(i / 100)));
  assert.deepEqual(detector.observe(yesterday, ns(86_400)), []);
  const state = detector.states(ns(86_400))[0];
  assert.match(state?.explanation ?? '', /500 records came too late/);
  const ahead = batchOf(range(10).map((i) => error(200_000 + i)));
  assert.deepEqual(detector.observe(ahead, ns(86_401)), []);
  const [signal] = detector.observe(batchOf(range(15).map(() => error(86_401))), ns(86_402));
  assert.ok(signal !== undefined && signal.firstBadAt <= iso(86_402), signal?.firstBadAt);
});

test('a clock that is ahead is corrected by its offset before anything is counted', () => {
  const detector = createDetector([errors]);
  const rows = range(30).map((i) => ({ ...error(3600 + i / 100), clock: 'router' }));
  const [signal] = detector.observe(batchOf(rows), ns(1), () => 3_600_000_000_000n);
  assert.equal(signal?.firstBadAt, iso(0));
});

test('a stray error before the trouble is not its beginning', () => {
  const detector = createDetector([{ ...errors, windowMs: 100_000, above: 0.2, clearAt: 0.1 }]);
  const rows = [
    error(1),
    ...range(85).map((i) => info(2 + i)),
    ...range(30).map((i) => error(90 + i / 10)),
  ];
  const [signal] = detector.observe(batchOf(rows), ns(94));
  assert.equal(signal?.firstBadAt, iso(90));
});

test('a rule that has seen nothing says so, for the component and for all', () => {
  const states = createDetector([errors, ratio]).states(ns(0));
  assert.deepEqual(
    states.map(({ name, state, value, explanation }) => ({ name, state, value, explanation })),
    [
      {
        name: 'errors',
        state: 'no-data',
        value: undefined,
        explanation: 'nothing of checkout has arrived yet',
      },
      // The rule on all components already watches the one that another rule names.
      {
        name: 'ratio',
        state: 'no-data',
        value: undefined,
        explanation: 'nothing of checkout has arrived yet',
      },
    ],
  );
});

const anyRow = fc.record({
  at: fc.integer({ min: 0, max: 40_000 }).map((ms) => ms / 1000),
  severity: fc.constantFrom(0, 9, 17, 21),
  kind: fc.constantFrom('log' as const, 'span' as const),
  component: fc.constantFrom('checkout', 'payment'),
  durationNs: fc.integer({ min: 0, max: 2_000 }).map((ms) => BigInt(ms) * 1_000_000n),
});

test('property: how records are split into batches makes no difference', () => {
  const rules = [errors, ratio, slow, { ...errors, name: 'held', forMs: 2000 }];
  fc.assert(
    fc.property(
      fc.array(fc.array(anyRow, { maxLength: 60 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 7 }),
      (batches, size) => {
        const whole = createDetector(rules);
        const split = createDetector(rules);
        batches.forEach((rows, i) => {
          const now = ns(10 * (i + 1));
          const parts: Signal[] = [];
          for (let at = 0; at < rows.length; at += size) {
            parts.push(...split.observe(batchOf(rows.slice(at, at + size)), now));
          }
          assert.deepEqual(parts, whole.observe(batchOf(rows), now));
          assert.deepEqual(split.tick(now), whole.tick(now));
        });
        assert.deepEqual(split.states(ns(70)), whole.states(ns(70)));
      },
    ),
  );
});

test('property: nothing fires unless some window of its length holds more than the limit', () => {
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 120 }), (rows) => {
      const signals = createDetector([errors]).observe(batchOf(rows), ns(41));
      const bad = rows
        .filter((row) => row.component === 'checkout' && row.kind === 'log' && row.severity >= 17)
        .map((row) => row.at);
      const most = Math.max(
        0,
        ...bad.map((end) => bad.filter((at) => at <= end && at > end - 10).length),
      );
      if (most <= 20) assert.deepEqual(signals, []);
      for (const signal of signals) assert.ok(signal.value >= 0);
    }),
  );
});
