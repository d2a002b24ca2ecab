import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PINNED_WITHOUT_REASON, type CheckpointFact } from '../../model/checkpoint/checkpoint.ts';
import { checkpointStatus } from './checkpoint-status.ts';
import { sealedFact } from './testdata/manifest.ts';

const at = '2026-11-21T02:00:10Z';
const sealed = sealedFact({});
const readBack: CheckpointFact = { kind: 'read-back', at, ok: true, why: 'read' };
const soaked: CheckpointFact = { kind: 'soak-ended', at, healthy: true, why: 'healthy' };
const accused: CheckpointFact = { kind: 'incident', at, incident: 'inc_1', hash: 'f' };
const cleared: CheckpointFact = { kind: 'incident-cleared', at, incident: 'inc_1' };
const restored = (healed: boolean): CheckpointFact => ({
  kind: 'restored',
  at,
  run: 'run_1',
  healed,
  states: ['shop/files'],
});
const harm: CheckpointFact = {
  kind: 'bad-candidate',
  at,
  run: 'run_2',
  why: 'something that was healthy before is not: shop up: exit 1',
};
const pinned = (reason: string): CheckpointFact => ({ kind: 'pinned', at, actor: 'ann', reason });
const unpinned: CheckpointFact = { kind: 'unpinned', at, actor: 'ann' };
const vouched = pinned('the disk was full, which it did not cause');
const part: CheckpointFact = { kind: 'restored', at, run: 'run_1', healed: true, states: [] };

for (const [what, facts, status] of [
  ['what was only captured', [sealed], 'captured'],
  ['what was read back', [sealed, readBack], 'restorable'],
  ['what soaked in health', [sealed, readBack, soaked], 'good'],
  ['what soaked in trouble', [sealed, readBack, { ...soaked, healthy: false }], 'restorable'],
  [
    'what cannot be read back any more',
    [sealed, readBack, soaked, { ...readBack, ok: false }],
    'unrestorable',
  ],
  ['what an open incident points at', [sealed, readBack, soaked, accused], 'suspect'],
  ['what an incident no longer points at', [sealed, readBack, soaked, accused, cleared], 'good'],
  ['what healed when restored', [sealed, readBack, soaked, restored(true)], 'proven'],
  ['what of which only a part was restored', [sealed, readBack, soaked, part], 'good'],
  ['what did not heal when restored', [sealed, readBack, soaked, restored(false)], 'bad'],
  ['what harmed when a run went there', [sealed, readBack, soaked, harm], 'suspect'],
  ['what healed once and harms now', [sealed, readBack, restored(true), harm], 'suspect'],
  ['what harmed once and healed since', [sealed, readBack, harm, restored(true)], 'proven'],
  ['what harmed, and a part of which healed since', [sealed, readBack, harm, part], 'suspect'],
  ['what harmed and is vouched for since', [sealed, readBack, soaked, harm, vouched], 'good'],
  ['what was vouched for before it harmed', [sealed, readBack, soaked, vouched, harm], 'suspect'],
  [
    'what harmed and is pinned without a reason',
    [sealed, readBack, soaked, harm, pinned(PINNED_WITHOUT_REASON)],
    'suspect',
  ],
  [
    'what harmed and is vouched for no more',
    [sealed, readBack, soaked, harm, vouched, unpinned],
    'suspect',
  ],
  ['what harms again', [sealed, readBack, soaked, harm, vouched, harm], 'suspect'],
] as const) {
  test(`${what} is ${status}`, () => assert.equal(checkpointStatus(facts, 1000).status, status));
}

test('while it soaks it says when it becomes good', () => {
  const { statusReason, goodAt } = checkpointStatus([sealed, readBack], 30 * 60_000);
  assert.equal(goodAt, '2026-11-21T02:30:00.000000000Z');
  assert.equal(statusReason, 'becomes good at 02:30:00Z if health holds');
});

test('one whose soak failed says why it is not good, and never when it becomes so', () => {
  const failed: CheckpointFact = { ...soaked, healthy: false, why: 'errors on checkout fired' };
  const { statusReason, goodAt } = checkpointStatus([sealed, readBack, failed], 30 * 60_000);
  assert.equal(statusReason, 'not good: errors on checkout fired');
  assert.equal(goodAt, undefined);
});

test('what was sick when it was taken is not promised to become good', () => {
  const sick = checkpointStatus([sealedFact({ verdict: 'failed' }), readBack], 30 * 60_000);
  assert.equal(sick.goodAt, undefined);
  assert.equal(sick.statusReason, 'not good: health was failed when it was taken');
});

test('what nobody judges is promised nothing until somebody has', () => {
  const unjudged = [sealedFact({ verdict: 'inconclusive', samples: [] }), readBack];
  assert.equal(checkpointStatus(unjudged, 30 * 60_000).goodAt, undefined);
  const judged: CheckpointFact = { kind: 'soak-sample', at, verdict: 'healthy' };
  assert.notEqual(checkpointStatus([...unjudged, judged], 30 * 60_000).goodAt, undefined);
});

test('what harmed says in which run, and what turned red', () => {
  const { statusReason } = checkpointStatus([sealed, readBack, soaked, harm], 1000);
  assert.equal(
    statusReason,
    'going back to it in run_2 harmed: something that was healthy before is not: shop up: exit 1',
  );
});

test('the last pin or unpin counts', () => {
  assert.equal(checkpointStatus([sealed, pinned('r')], 1).pinned, true);
  assert.equal(checkpointStatus([sealed, pinned('r'), unpinned], 1).pinned, false);
});
