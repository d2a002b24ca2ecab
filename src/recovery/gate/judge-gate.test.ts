import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { GateCheck } from '../../model/run/plan.ts';
import type { ProbeColor, ProbeSample } from '../../model/health/verdict.ts';
import { judgeGate } from './judge-gate.ts';

const guard: GateCheck = { role: 'guard', check: 'shop: GET /', component: 'shop' };
const goal: GateCheck = { role: 'goal', check: 'trigger errors', component: 'shop' };

function round(colors: Readonly<Record<string, ProbeColor>>): readonly ProbeSample[] {
  return Object.entries(colors).map(([check, color]) => ({
    check,
    component: 'shop',
    color,
    seen: color,
  }));
}

function judge(
  checks: readonly GateCheck[],
  baseline: Readonly<Record<string, ProbeColor>>,
  ...rounds: readonly Readonly<Record<string, ProbeColor>>[]
): ReturnType<typeof judgeGate> {
  return judgeGate({ checks, baseline: round(baseline), rounds: rounds.map(round), samples: 2 });
}

const G = guard.check;
const T = goal.check;

test('a guard that stays green for N rounds lets the run pass', () => {
  assert.deepEqual(judge([guard], { [G]: 'green' }, { [G]: 'green' }, { [G]: 'green' }), {
    kind: 'passed',
    notJudged: [],
  });
});

test('one green round is not enough when two are asked for', () => {
  const said = judge([guard], { [G]: 'green' }, { [G]: 'green' });
  assert.equal(said.kind === 'waiting' && said.because, 'too-few-rounds');
});

test('a guard that turns red does not pass, and the sentence says which', () => {
  const said = judge([guard], { [G]: 'green' }, { [G]: 'green' }, { [G]: 'red' });
  assert.deepEqual(said, { kind: 'waiting', because: 'guard-red', why: `${G}: red` });
});

test('a guard red for N rounds in a row has failed, from the first one on or later', () => {
  const [green, red] = [{ [G]: 'green' }, { [G]: 'red' }] as const;
  for (const rounds of [
    [red, red],
    [green, red, red],
  ]) {
    assert.deepEqual(judge([guard], green, ...rounds), { kind: 'failed', why: `${G}: red` });
  }
  assert.equal(judge([guard], green, red).kind, 'waiting');
  assert.equal(judge([guard], green, red, green, red).kind, 'waiting');
});

test('neither red goals, nor missing data, nor a guard unknown before have failed', () => {
  const red = { [G]: 'red', [T]: 'red' } as const;
  assert.equal(judge([goal], { [T]: 'red' }, red, red).kind, 'waiting');
  assert.equal(judge([guard], { [G]: 'green' }, {}, {}).kind, 'waiting');
  assert.equal(judge([guard], { [G]: 'green' }, red, { [G]: 'unknown' }).kind, 'waiting');
  assert.equal(judge([guard], { [G]: 'unknown' }, red, red).kind, 'waiting');
});

test('a red round in between starts the count anew', () => {
  const said = judge([guard], { [G]: 'green' }, { [G]: 'green' }, { [G]: 'red' }, { [G]: 'green' });
  assert.equal(said.kind, 'waiting');
});

test('a guard that was red before cannot fail the run and is listed', () => {
  const said = judge([guard], { [G]: 'red' }, { [G]: 'red' });
  assert.deepEqual(said, { kind: 'passed', notJudged: [G] });
});

test('a goal that was red and is green for N rounds is healed', () => {
  const said = judge([goal], { [T]: 'red' }, { [T]: 'green' }, { [T]: 'green' });
  assert.deepEqual(said, { kind: 'passed', healed: true, notJudged: [] });
});

test('a goal that was green already proves no healing', () => {
  const said = judge([goal], { [T]: 'green' }, { [T]: 'green' }, { [T]: 'green' });
  assert.deepEqual(said, { kind: 'passed', notJudged: [] });
});

test('a check that is both guard and goal counts as a goal', () => {
  const both = { ...guard, role: 'goal' } as const;
  const said = judge([guard, both], { [G]: 'red' }, { [G]: 'red' }, { [G]: 'red' });
  assert.equal(said.kind === 'waiting' && said.because, 'goal-not-green');
});

test('no data is never good, whatever the other checks say', () => {
  for (const missing of [{ [T]: 'green' }, { [T]: 'green', [G]: 'unknown' }] as const) {
    const said = judge([guard, goal], { [G]: 'green', [T]: 'red' }, missing, missing);
    assert.equal(said.kind === 'waiting' && said.because, 'no-data');
  }
});

test('a guard that could not be read before must be green after, or nothing is known', () => {
  const dark = judge([guard], {}, { [G]: 'unknown' }, { [G]: 'unknown' });
  assert.equal(dark.kind, 'waiting');
  const green = judge([guard], {}, { [G]: 'green' }, { [G]: 'green' });
  assert.equal(green.kind, 'passed');
});

test('of two answers of one check in a round the worse counts', () => {
  const twice = [...round({ [G]: 'green' }), ...round({ [G]: 'red' })];
  const said = judgeGate({
    checks: [guard],
    baseline: round({ [G]: 'green' }),
    rounds: [twice, twice],
    samples: 2,
  });
  assert.equal(said.kind, 'failed');
});

test('without any check nothing is claimed but nothing is refused', () => {
  assert.deepEqual(judge([], {}), { kind: 'passed', notJudged: [] });
});
