import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Incident } from '../../model/incident/incident.ts';
import { findLeftOver } from './left-over.ts';
import { announced, begunAt, incident } from './testdata/incident.ts';

test('what a daemon that died had announced is called off', () => {
  const of = (automatic: Incident['automatic'], plans: readonly string[]) =>
    findLeftOver(
      [{ ...incident, ...(automatic === undefined ? {} : { automatic }) }],
      plans.map((id) => ({ plan: id })),
    ).map(({ why }) => why);
  assert.deepEqual(of(undefined, []), []);
  assert.match(String(of({ reasons: [], announced }, [])), /stopped during the delay/);
  assert.match(String(of({ reasons: [], announced, begunAt }, [])), /before the run began/);
  assert.deepEqual(of({ reasons: [], announced, begunAt }, ['plan_1']), []);
  const calledOff = { at: begunAt, why: 'no' };
  assert.deepEqual(of({ reasons: [], announced, calledOff }, []), []);
});
