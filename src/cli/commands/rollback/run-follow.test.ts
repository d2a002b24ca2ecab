import assert from 'node:assert/strict';
import { test } from 'node:test';

import { RUN_STATES } from '../../../model/run/run.ts';
import { exitOfRun } from './run-follow.ts';

test('only a committed run exits with 0', () => {
  const run = {
    run: 'run_1',
    plan: 'pln_1',
    planHash: 'hash',
    requestedBy: 'token:ann',
    startedAt: '2026-11-21T02:00:00Z',
    onSilence: 'revert',
    confirmTimeoutMs: 600_000,
    target: 'cp_1',
    progress: [],
    batch: { number: 1, of: 1, components: [] },
    byHand: [],
  } as const;
  const good = RUN_STATES.filter((state) => exitOfRun({ ...run, state }) === 0);
  assert.deepEqual(good, ['COMMITTED']);
});
