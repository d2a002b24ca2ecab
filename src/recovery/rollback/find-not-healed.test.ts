import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseRfc3339 } from '../../base/time.ts';
import type { RunView } from '../../model/run/run.ts';
import { findNotHealed } from './find-not-healed.ts';

const since = parseRfc3339('2026-11-21T12:00:00Z');
assert.ok(since !== undefined);

function view(run: string, more: Partial<RunView> = {}): RunView {
  return {
    run,
    plan: 'plan_1',
    planHash: 'hash',
    state: 'REVERTED',
    requestedBy: 'ann',
    startedAt: '2026-11-21T12:00:00Z',
    endedAt: '2026-11-21T12:05:00Z',
    onSilence: 'revert',
    confirmTimeoutMs: 600_000,
    healed: false,
    target: 'cp_1',
    incident: 'inc_1',
    progress: [{ state: 'db/files', component: 'db', at: 'before', report: '' }],
    batch: { number: 1, of: 1, components: ['db'] },
    byHand: [],
    ...more,
  };
}

const find = (
  views: readonly RunView[],
  components: readonly string[],
  incident?: string,
  target = 'cp_1',
) => findNotHealed(views, { target, components, incident }, since);

test('after a run that did not heal a person decides, for its incident and its components', () => {
  assert.equal(find([view('run_1')], ['db']), 'run_1');
  assert.equal(find([view('run_1')], ['shop'], 'inc_1'), 'run_1');
  assert.equal(find([view('run_1')], ['shop'], 'inc_2'), undefined);
});

test('a run that was begun and ended before it showed anything lifts no bar', () => {
  const { healed: _, ...nothing } = view('run_2', { state: 'ABORTED' });
  assert.equal(find([nothing, view('run_1')], ['db']), 'run_1');
  assert.equal(find([{ ...nothing, state: 'REVERTED' }, view('run_1')], ['db']), 'run_1');
  assert.equal(find([{ ...nothing, state: 'APPLYING' }, view('run_1')], ['db']), 'run_1');
});

test('a canceled run, one long ago, and one that was followed by a better one bar nobody', () => {
  const { healed: _, ...canceled } = view('run_1');
  assert.equal(find([canceled], ['db']), undefined);
  assert.equal(find([view('run_1', { endedAt: '2026-11-21T11:59:59Z' })], ['db']), undefined);
  const better = view('run_2', { state: 'COMMITTED', healed: true });
  assert.equal(find([better, view('run_1')], ['db']), undefined);
});

test('what harmed is not tried again without a word, while another target is', () => {
  const { healed: _, ...went } = view('run_1');
  const harmful: RunView = { ...went, harmed: true };
  assert.equal(find([harmful], ['db']), 'run_1');
  assert.equal(find([harmful], ['db'], undefined, 'cp_2'), undefined);
});
