import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProbeColor, ProbeSample } from '../../model/health/verdict.ts';
import { takeLook, type SteadyCheck } from './steady-check.ts';

const LOOKS = 3;
const moment = (second: number): string => `2026-11-21T02:00:0${second}Z`;
const seen = (color: ProbeColor): ProbeSample => ({
  check: 'shop: GET /',
  component: 'shop',
  color,
  seen: color,
});

/** What is said after looks one second apart. */
function after(...colors: readonly ProbeColor[]): SteadyCheck['state'] | undefined {
  return colors.reduce<SteadyCheck | undefined>(
    (known, color, at) => takeLook(known, seen(color), moment(at), LOOKS),
    undefined,
  )?.state;
}

test('the first look is believed', () => {
  assert.deepEqual(after('red'), { ...seen('red'), since: moment(0), lastAt: moment(0) });
});

test('a check turns after enough looks in a row, since the first of them', () => {
  assert.equal(after('green', 'red', 'red')?.color, 'green');
  const turned = after('green', 'red', 'red', 'red');
  assert.deepEqual(turned, { ...seen('red'), since: moment(1), lastAt: moment(3) });
});

test('what the newest look saw is told beside what stands', () => {
  const turning = after('red', 'green');
  assert.deepEqual(turning?.newest, { color: 'green', seen: 'green' });
  assert.equal(turning?.color, 'red');
  assert.equal(after('red', 'green', 'red')?.newest, undefined);
});

test('a look that says otherwise begins the count anew', () => {
  assert.equal(after('green', 'red', 'red', 'green', 'red', 'red')?.color, 'green');
  assert.equal(after('red', 'green', 'unknown', 'green', 'green')?.color, 'red');
});
