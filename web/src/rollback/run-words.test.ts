import assert from 'node:assert/strict';
import { test } from 'node:test';

import { canCancel, stageOf } from './run-words.ts';

test('cancel is offered until the run commits, and never after its end', () => {
  const before = ['PLANNED', 'AWAITING_APPROVAL', 'PREPARING', 'APPLYING'] as const;
  for (const state of [...before, 'VERIFYING', 'AWAITING_CONFIRM'] as const) {
    assert.equal(canCancel(state), true, state);
  }
  const after = ['COMMITTING', 'COMMITTED', 'REVERTING', 'REVERTED', 'ABORTED'] as const;
  for (const state of [...after, 'NEEDS_OPERATOR'] as const) {
    assert.equal(canCancel(state), false, state);
  }
});

test('a run that goes back is at no stage of going forward', () => {
  assert.equal(stageOf('REVERTING'), undefined);
  assert.equal(stageOf('AWAITING_CONFIRM'), 3);
});
