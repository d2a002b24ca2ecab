import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Run } from '../api/types.ts';
import { whyNotApprove } from './why-not-approve.ts';

const run: Run = {
  run: 'run_1',
  plan: 'plan_1',
  planHash: 'h',
  state: 'AWAITING_APPROVAL',
  requestedBy: 'token:ann',
  startedAt: '2026-11-21T02:00:00Z',
  onSilence: 'revert',
  confirmTimeoutMs: 600_000,
  target: 'cp_1',
  progress: [{ state: 'till/files', component: 'till', at: 'before', report: 'not touched yet' }],
  batch: { number: 1, of: 1, components: ['till'] },
  byHand: [],
};

test('an approver who did not ask for the run may approve it', () => {
  assert.equal(whyNotApprove({ id: 'token:bob', role: 'approver' }, run), undefined);
  const scoped = { id: 'token:bob', role: 'approver', components: ['till'] } as const;
  assert.equal(whyNotApprove({ ...scoped, components: [...scoped.components] }, run), undefined);
});

test('nobody else is shown a button that the daemon would refuse', () => {
  assert.match(whyNotApprove({ id: 'token:ann', role: 'admin' }, run) ?? '', /You asked for it/);
  assert.match(whyNotApprove({ id: 'token:bob', role: 'responder' }, run) ?? '', /a responder/);
  const other = { id: 'token:bob', role: 'approver' as const, components: ['shop'] };
  assert.match(whyNotApprove(other, run) ?? '', /done to till/);
});
