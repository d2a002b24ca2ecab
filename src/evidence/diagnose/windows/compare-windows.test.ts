import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { compareWindows } from './compare-windows.ts';
import type { CaseLog, CaseSeries, CaseSpan, WindowCase } from './window-case.ts';

/** A minute of calm that ended ten minutes before a minute of trouble. */
const BASELINE = { fromMs: -660_000, toMs: -600_000 };
const INCIDENT = { fromMs: 0, toMs: 60_000 };
const CALLS = 30;

/** How one call of checkout to payment goes. */
interface Call {
  readonly checkoutMs: number;
  readonly paymentMs: number;
  readonly paymentLogs: readonly string[];
}

const CALM: Call = { checkoutMs: 20, paymentMs: 10, paymentLogs: ['Pay.java:1', 'Pay.java:2'] };

/** Calls in both windows: as `before`, then as `now`. */
function shop(now: Call, before: Call = CALM, series: readonly CaseSeries[] = []): WindowCase {
  const spans: CaseSpan[] = [];
  const logs: CaseLog[] = [];
  for (const [window, call] of [
    [BASELINE, before],
    [INCIDENT, now],
  ] as const) {
    for (let n = 0; n < CALLS; n += 1) {
      const startMs = window.fromMs + n * 1_000;
      // No two calls take exactly as long.
      const wobble = (n % 5) / 10;
      const trace = spans.length + 1;
      const [id, child] = [trace * 2, trace * 2 + 1];
      const made = { trace, isError: false };
      spans.push(
        {
          ...made,
          component: 'checkout',
          operation: 'POST /order',
          startMs,
          endMs: startMs + call.checkoutMs + wobble,
          id,
          parent: 0,
        },
        {
          ...made,
          component: 'payment',
          operation: 'POST /pay',
          startMs: startMs + 2,
          endMs: startMs + 2 + call.paymentMs,
          id: child,
          parent: id,
        },
      );
      for (const [at, statement] of call.paymentLogs.entries()) {
        const isError = statement.startsWith('ERROR');
        const atMs = startMs + 3 + at;
        logs.push({ component: 'payment', atMs, statement, isError, trace, span: child });
      }
    }
  }
  const edges = [{ from: 'checkout', to: 'payment' }];
  return { baseline: BASELINE, incident: INCIDENT, spans, logs, series, edges };
}

/** A metric sampled every five seconds. */
function metric(component: string, name: string, before: number, now: number): CaseSeries {
  const windows = [BASELINE, INCIDENT].flatMap(({ fromMs }, side) =>
    Array.from({ length: 12 }, (_, n) => ({
      atMs: fromMs + n * 5_000,
      value: (side === 0 ? before : now) * (1 + (n % 3) / 100),
    })),
  );
  return {
    component,
    name,
    unit: '1',
    atMs: windows.map(({ atMs }) => atMs),
    values: windows.map(({ value }) => value),
  };
}

describe('comparing an incident with a time when all was well', () => {
  test('nothing out of the ordinary gives no suspects', () => {
    assert.deepEqual(compareWindows(shop(CALM)), []);
  });

  test('a new error names the service that wrote it, not the one that called', () => {
    const failing = { ...CALM, paymentLogs: ['Pay.java:1', 'ERROR Pay.java:9'] };
    const [first, ...others] = compareWindows(shop(failing));
    assert.equal(first?.component, 'payment');
    assert.equal(first.verdict, 'LIKELY');
    assert.match(first.reasons.map(({ text }) => text).join('\n'), /new error "ERROR Pay\.java:9"/);
    assert.deepEqual(others, []);
  });

  test('what silently does not happen any more is told with what it used to follow', () => {
    const [first] = compareWindows(shop({ ...CALM, paymentLogs: ['Pay.java:1'] }));
    assert.equal(first?.component, 'payment');
    assert.deepEqual(first.reasons[0]?.evidence, ['Pay.java:1', 'Pay.java:2']);
    assert.match(first.reasons[0]?.text ?? '', /missing in 30 of 30 \(normally followed in 30/);
  });

  test('a fault that went away is no cause of trouble', () => {
    const failing = { ...CALM, paymentLogs: ['Pay.java:1', 'ERROR Pay.java:9'] };
    assert.deepEqual(compareWindows(shop(CALM, failing)), []);
  });

  test('time lost between two services is blamed on the way to the callee', () => {
    const [first] = compareWindows(shop({ ...CALM, checkoutMs: 420 }));
    assert.equal(first?.component, 'payment');
    assert.equal(first.resource, 'network latency');
  });

  test('time that a service spends by itself is its own', () => {
    const [first] = compareWindows(shop({ ...CALM, checkoutMs: 420, paymentMs: 410 }));
    assert.equal(first?.component, 'payment');
    assert.equal(first.resource, 'latency of POST /pay');
  });

  test('a clock that differs by a constant changes nothing', () => {
    const input = shop(CALM);
    const skewed = input.spans.map((span) =>
      span.component === 'payment'
        ? { ...span, startMs: span.startMs + 500, endMs: span.endMs + 500 }
        : span,
    );
    assert.deepEqual(compareWindows({ ...input, spans: skewed }), []);
  });

  test('a processor at its limit names its service by the metric', () => {
    const series = [
      metric('payment', 'container.cpu.utilization', 0.2, 0.97),
      metric('checkout', 'container.cpu.utilization', 0.2, 0.21),
    ];
    const [first] = compareWindows(shop(CALM, CALM, series));
    assert.equal(first?.component, 'payment');
    assert.equal(first.resource, 'container.cpu.utilization');
    assert.match(first.reasons[0]?.text ?? '', /from 0\.202 to 0\.98/);
  });

  test('the order of the input does not matter', () => {
    const input = shop({ ...CALM, paymentLogs: ['Pay.java:1', 'ERROR Pay.java:9'] });
    const expected = compareWindows(input);
    const shuffled = <T>(items: readonly T[]) =>
      fc.shuffledSubarray([...items], { minLength: items.length });
    fc.assert(
      fc.property(shuffled(input.spans), shuffled(input.logs), (spans, logs) => {
        assert.deepEqual(compareWindows({ ...input, spans, logs }), expected);
      }),
      { numRuns: 20 },
    );
  });
});
