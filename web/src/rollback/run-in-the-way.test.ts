import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Run } from '../api/types.ts';
import { runInTheWay } from './run-in-the-way.ts';

const RUN: Run = {
  run: 'run_1',
  plan: 'plan_1',
  planHash: 'h',
  state: 'AWAITING_CONFIRM',
  requestedBy: 'token:ann',
  startedAt: '2026-11-21T10:00:00Z',
  onSilence: 'revert',
  confirmTimeoutMs: 600_000,
  target: 'cp_1',
  incident: 'inc_1',
  progress: [{ state: 'till/files', component: 'till', at: 'target', report: '' }],
  batch: { number: 1, of: 1, components: ['till'] },
  byHand: [],
};

test('a run is in the way of another one for its incident or on its components', () => {
  assert.equal(runInTheWay([RUN], { components: ['bank', 'till'] }), RUN);
  assert.equal(runInTheWay([RUN], { incident: 'inc_1', components: ['bank'] }), RUN);
  assert.equal(runInTheWay([RUN], { incident: 'inc_2', components: ['bank'] }), undefined);
  assert.equal(runInTheWay([], { incident: 'inc_1' }), undefined);
});

test('any run is in the way where nobody knows yet what a rollback would touch', () => {
  assert.equal(runInTheWay([RUN], {}), RUN);
});

test('a run that may hold anything is in the way of every other', () => {
  const dark: Run = { ...RUN, incident: 'inc_2', progress: [], unread: { holdsAll: true } };
  assert.equal(runInTheWay([dark], { components: ['bank'] }), dark);
});
