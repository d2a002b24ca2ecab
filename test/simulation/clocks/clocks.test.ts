import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ClockEdge } from '../../../src/evidence/align/graph/clock-edge.ts';
import { CLOCK_CASES } from './clock-cases.ts';
import { ClockWorld, WORLD_BEGIN_MS } from './clock-world.ts';
import { measureEdge, type EdgeMeasure } from './measure-edge.ts';
import { Random } from '../seeded/random.ts';

/** One run of every case; `npm run bench -- --rows 14` takes the mean of several. */
const SEED = 7;
const measured = new Map(CLOCK_CASES.map((each) => [each.name, measureEdge(each, SEED)]));

function of(name: string): EdgeMeasure {
  const found = measured.get(name);
  assert.ok(found, `there is no case ${name}`);
  return found;
}

describe('clocks that are related by calls', () => {
  for (const { name, steps } of CLOCK_CASES) {
    test(`the bound holds the truth: ${name}`, () => {
      assert.ok(of(name).covered >= 0.99, `${of(name).covered} with seed ${SEED}`);
      assert.equal(of(name).stepsTold, steps?.length ?? 0);
    });
  }

  test('a busy clock is known to a tenth of a millisecond, ten times better than by a call', () => {
    const { median, p95, lastCall } = of('LAN, 40 ppm');
    assert.ok(median < 0.09, `${median}`);
    assert.ok(p95 < 0.15, `${p95}`);
    assert.ok(p95 < lastCall.p95 / 10, `${lastCall.p95}`);
  });

  test('a clock that runs 500 ppm fast is known as well', () => {
    assert.ok(of('VM, 500 ppm').p95 < 0.15, `${of('VM, 500 ppm').p95}`);
  });

  test('few calls make the bound wide, not wrong', () => {
    const { covered, boundMedian } = of('LAN, a call in 20 s');
    assert.ok(covered >= 0.99 && boundMedian < 3, `${covered} ${boundMedian}`);
  });

  test('an uneven way costs half of its unevenness, within the bound', () => {
    const { median, boundMedian } = of('WAN, asymmetry 5 ms');
    assert.ok(median < 3 && boundMedian > median, `${median} ${boundMedian}`);
  });

  test('a step is told within twenty seconds, to its size and its second', () => {
    for (const [name, byMs] of [
      ['LAN, step -200 ms', -200],
      ['LAN, step +2 s', 2_000],
      ['VM, 500 ppm, step +300 ms', 300],
    ] as const) {
      assert.ok(of(name).stepSeconds <= 20, `${name}: ${of(name).stepSeconds} s`);
      const { world, edge } = begun(name);
      const steps = [...world.calls()].flatMap((call) => edge.add(...boundsOf(call)) ?? []);
      const [step] = steps;
      assert.ok(step !== undefined && Math.abs(step.byMs - byMs) < 2, `${name}: ${step?.byMs}`);
      const trueMs = WORLD_BEGIN_MS + 12.03 * 60_000;
      assert.ok(step.afterMs <= trueMs + 20 && trueMs - 20 <= step.beforeMs, name);
      assert.ok(step.beforeMs - step.afterMs < 10_000, name);
    }
  });

  test('the order that corrected times tell beyond their bounds is the true one', () => {
    const random = new Random(SEED);
    for (const which of CLOCK_CASES.filter(({ silent }) => silent === undefined)) {
      const { name, callsPerSecond = 5 } = which;
      const { world, edge } = begun(name);
      let told = 0;
      for (const call of world.calls()) {
        edge.add(...boundsOf(call));
        if (callsPerSecond >= 1 && !random.chance(0.05)) continue;
        const found = edge.at(call.trueMs);
        if (found === undefined) continue;
        // Something happened here, and something there a little before or after.
        const apart = (random.next() - 0.5) * 8 * found.boundMs;
        const there = call.trueMs + apart;
        if (isTorn(name, call.trueMs, there)) continue;
        const corrected = there + world.truthAt(there) - found.offsetMs;
        if (Math.abs(corrected - call.trueMs) <= found.boundMs) continue;
        told += 1;
        assert.equal(corrected > call.trueMs, apart > 0, `${name}: ${apart} at ${call.trueMs}`);
      }
      assert.ok(told > 2, `${name}: an order was told`);
    }
  });

  test('without a call nothing is said of a clock', () => {
    assert.equal(new ClockEdge().at(WORLD_BEGIN_MS), undefined);
  });
});

function begun(name: string): { readonly world: ClockWorld; readonly edge: ClockEdge } {
  const which = CLOCK_CASES.find((each) => each.name === name);
  assert.ok(which);
  return { world: new ClockWorld(which, SEED), edge: new ClockEdge() };
}

function boundsOf(call: {
  readonly clientStart: number;
  readonly clientEnd: number;
  readonly serverStart: number;
  readonly serverEnd: number;
}): readonly [number, number, number] {
  const { clientStart, clientEnd, serverStart, serverEnd } = call;
  return [(clientStart + clientEnd) / 2, serverEnd - clientEnd, serverStart - clientStart];
}

/** Whether the clock was stepped between two times, so that one offset is not that of both. */
function isTorn(name: string, oneMs: number, otherMs: number): boolean {
  const steps = CLOCK_CASES.find((each) => each.name === name)?.steps ?? [];
  const [first, last] = [Math.min(oneMs, otherMs), Math.max(oneMs, otherMs)];
  return steps.some(({ minute }) => {
    const atMs = WORLD_BEGIN_MS + minute * 60_000;
    return first - 1_000 < atMs && atMs < last + 1_000;
  });
}
