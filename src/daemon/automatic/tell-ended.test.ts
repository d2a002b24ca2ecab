import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunView } from '../../model/run/run.ts';
import { endTeller } from './tell-ended.ts';

const view = (more: Partial<RunView>): RunView =>
  ({ run: 'run_1', requestedBy: 'automatic', state: 'APPLYING', ...more }) as RunView;

function toldOf(...views: readonly Partial<RunView>[]): readonly string[] {
  const told: string[] = [];
  const hear = endTeller(({ urgency, title }) => void told.push(`${urgency} ${title}`));
  for (const more of views) hear(view(more));
  return told;
}

const stuck = 'critical Rollback run_1, begun by itself, ended NEEDS_OPERATOR';

test('that it needs an operator is told once, whatever is refused or released after', () => {
  const waits = { state: 'NEEDS_OPERATOR' } as const;
  const refusedConfirms = [{ at: '', by: 'eve', code: '', why: '' }];
  assert.deepEqual(
    toldOf({}, waits, { ...waits, refusedConfirms }, { ...waits, released: 'by hand' }),
    [stuck],
  );
});

test('one that is resumed and needs an operator again is told again', () => {
  const waits = { state: 'NEEDS_OPERATOR' } as const;
  assert.deepEqual(toldOf(waits, { state: 'REVERTING' }, waits), [stuck, stuck]);
});

test('the end of what people asked for is theirs to look at', () => {
  assert.deepEqual(toldOf({ requestedBy: 'ann', state: 'COMMITTED' }), []);
  assert.deepEqual(toldOf({ state: 'COMMITTED', healed: true }), [
    'info Rollback run_1, begun by itself, ended COMMITTED',
  ]);
});
