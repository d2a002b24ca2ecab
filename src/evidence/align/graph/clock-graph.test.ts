import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ClockGraph } from './clock-graph.ts';
import type { ClockEstimate } from './relate-clocks.ts';

const BEGIN_MS = 1_790_000_000_000;
const HOUR_MS = 3_600_000;

/** Hosts whose clocks are ahead of ours by so much, and who calls whom each second. */
function graphOf(
  ahead: Readonly<Record<string, number>>,
  calls: readonly (readonly [string, string])[],
  seconds = 120,
  falselyMs: Readonly<Record<string, number>> = {},
): { readonly graph: ClockGraph; readonly nowMs: number } {
  const graph = new ClockGraph('us');
  for (let second = 0; second < seconds; second += 1) {
    const atMs = BEGIN_MS + second * 1_000;
    if (second % 10 === 0) graph.estimates(atMs);
    for (const [host, offset] of Object.entries(ahead)) {
      graph.hear(host, atMs + 3, atMs + offset - (atMs + 3));
    }
    for (const [a, b] of calls) {
      const [from, to] = [ahead[a] ?? 0, (ahead[b] ?? 0) + (falselyMs[`${a}>${b}`] ?? 0)];
      graph.relate(a, b, atMs + from, atMs + 5, to - from - 0.5, to - from + 0.5);
    }
  }
  return { graph, nowMs: BEGIN_MS + seconds * 1_000 };
}

function estimate(found: readonly ClockEstimate[], clock: string): ClockEstimate {
  const one = found.find((each) => each.clock === clock);
  assert.ok(one, `nothing is known of ${clock}`);
  return one;
}

describe('the graph of clocks', () => {
  test('relates a clock over others, and its bound adds up', () => {
    const { graph, nowMs } = graphOf({ a: 100, b: -50 }, [
      ['us', 'a'],
      ['a', 'b'],
    ]);
    const b = estimate(graph.estimates(nowMs), 'b');
    assert.ok(Math.abs(b.offsetMs + 50) < 0.1, `${b.offsetMs}`);
    assert.ok(b.boundMs > 1 && b.boundMs < 2, `${b.boundMs}`);
    assert.deepEqual(b.path, ['us', 'a', 'b']);
    assert.ok(b.corrects);
  });

  test('corrects nothing where clocks agree', () => {
    const calls = [
      ['us', 'a'],
      ['a', 'b'],
      ['b', 'us'],
    ] as const;
    const { graph, nowMs } = graphOf({ a: 0, b: 0.2 }, calls);
    const found = graph.estimates(nowMs);
    assert.equal(found.length, 2);
    assert.ok(found.every(({ corrects }) => !corrects));
  });

  test('brings hosts that only know each other into one order, towards those that agree', () => {
    const calls = [
      ['a', 'b'],
      ['b', 'c'],
    ] as const;
    const { graph, nowMs } = graphOf({ a: 0, b: 100, c: 1 }, calls);
    const found = graph.estimates(nowMs);
    assert.equal(estimate(found, 'a').corrects, false);
    const b = estimate(found, 'b');
    assert.ok(b.corrects && Math.abs(b.offsetMs - 100) < 2, `${b.offsetMs}`);
    assert.ok(b.boundMs > 250, 'how the group stands to us is known by one way only');
  });

  test('leaves clocks alone whose relations contradict each other', () => {
    const calls = [
      ['us', 'a'],
      ['a', 'b'],
      ['us', 'b'],
    ] as const;
    const { graph, nowMs } = graphOf({ a: 100, b: 100 }, calls, 120, { 'a>b': 40 });
    const found = graph.estimates(nowMs);
    const torn = found.filter(({ method }) => method === 'inconsistent');
    assert.ok(torn.length > 0);
    assert.ok(torn.every(({ corrects }) => !corrects));
  });

  test('knows a device of another time zone by one way', () => {
    const { graph, nowMs } = graphOf({ router: 3 * HOUR_MS + 40, odd: -7_654_321 }, []);
    const router = estimate(graph.estimates(nowMs), 'router');
    assert.equal(router.method, 'zone');
    assert.equal(router.offsetMs, 3 * HOUR_MS);
    const odd = estimate(graph.estimates(nowMs), 'odd');
    assert.equal(odd.method, 'one-way');
    assert.ok(Math.abs(odd.offsetMs + 7_654_321) <= odd.boundMs && odd.corrects);
  });

  test('bounds a clock of whole seconds with the second that its stamps hide', () => {
    for (const aheadMs of [0, 700, -40_400]) {
      // One message every ten seconds, always late in the second or always early in it.
      for (const phaseMs of [50, 930]) {
        const graph = new ClockGraph('us');
        for (let part = 0; part < 30; part += 1) {
          const trueMs = BEGIN_MS + part * 10_000 + phaseMs - aheadMs;
          const stampMs = Math.floor((trueMs + aheadMs) / 1_000) * 1_000;
          const observedMs = trueMs + 5;
          assert.equal(graph.hear('pdu', observedMs, stampMs - observedMs, true), undefined);
        }
        const found = estimate(graph.estimates(BEGIN_MS + 300_000), 'pdu');
        assert.equal(found.method, 'whole-seconds');
        assert.ok(Math.abs(found.offsetMs - aheadMs) <= found.boundMs, `${found.offsetMs}`);
        assert.ok(found.boundMs >= 500 && found.boundMs < 2_000, `${found.boundMs}`);
        assert.equal(found.corrects, aheadMs < -2_000);
      }
    }
  });

  test('takes a fraction for what the clock shows when some of its stamps have one', () => {
    const graph = new ClockGraph('us');
    for (let second = 0; second < 120; second += 1) {
      const observedMs = BEGIN_MS + second * 1_000 + 405;
      graph.hear('web', observedMs, -400, true);
      graph.hear('web', observedMs, 7_000, false);
    }
    const found = estimate(graph.estimates(BEGIN_MS + 120_000), 'web');
    assert.equal(found.method, 'one-way');
    assert.ok(found.boundMs < 300, `${found.boundMs}`);
  });

  test('takes a stream of old records for no clock', () => {
    const graph = new ClockGraph('us');
    for (let second = 0; second < 120; second += 1) {
      // An hour of records in each second of ours.
      const observedMs = BEGIN_MS + second * 1_000;
      graph.hear('archive', observedMs, (second - 200) * HOUR_MS);
    }
    assert.deepEqual(graph.estimates(BEGIN_MS + 120_000), []);
  });

  test('tells a step of a clock that is known by one way, in both directions', () => {
    for (const byMs of [-5_000, 5_000]) {
      const graph = new ClockGraph('us');
      const told: number[] = [];
      for (let second = 0; second < 300; second += 1) {
        const ahead = 7_000_000 + (second >= 150 ? byMs : 0) - (second % 3);
        const step = graph.hear('router', BEGIN_MS + second * 1_000, ahead);
        if (step !== undefined) told.push(step.byMs);
      }
      assert.equal(told.length, 1);
      assert.ok(Math.abs((told[0] ?? 0) - byMs) < 300, `${told[0]}`);
    }
  });

  test('keeps room for the clocks it knows', () => {
    const graph = new ClockGraph('us');
    for (let i = 0; i < 1_200; i += 1) graph.relate('us', `host-${i}`, BEGIN_MS, BEGIN_MS, 0, 1);
    assert.ok(graph.leftOut > 0);
    assert.ok(graph.estimates(BEGIN_MS).length < 1_200);
  });
});
