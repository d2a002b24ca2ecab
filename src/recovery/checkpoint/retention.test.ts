import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addMs, parseRfc3339, toRfc3339, type TimeNs } from '../../base/time.ts';
import type { CheckpointStatus } from '../../model/checkpoint/checkpoint.ts';
import { decideRetention, mustStay } from './retention.ts';
import { manifestOf, viewOf } from './testdata/manifest.ts';

const now = parseRfc3339('2026-11-21T02:00:00Z') as TimeNs;
const HOUR_MS = 3_600_000;
const policy = { last: 2, withinMs: 24 * HOUR_MS, undoPeriodMs: 48 * HOUR_MS };
const takenBefore = (hours: number): { takenAt: string } => ({
  takenAt: toRfc3339(addMs(now, -hours * HOUR_MS)),
});

test('the newest stay, good ones for their time, and the rest goes', () => {
  const views = [
    viewOf('a', 'restorable', takenBefore(1)),
    viewOf('b', 'restorable', takenBefore(2)),
    viewOf('c', 'good', takenBefore(3)),
    viewOf('d', 'restorable', takenBefore(4)),
    viewOf('e', 'good', takenBefore(5)),
    viewOf('f', 'good', takenBefore(30)),
  ];
  assert.deepEqual(decideRetention(views, policy, new Set(), now).forget, ['d', 'f']);
});

test('what is pinned, in use, or needed to undo a young run stays', () => {
  const old = takenBefore(40);
  const reason = { kind: 'before-rollback', run: 'run_1' } as const;
  const views = [
    viewOf('a', 'restorable', takenBefore(1)),
    viewOf('b', 'restorable', takenBefore(2)),
    viewOf('pinned', 'restorable', { ...old, pinned: true }),
    viewOf('used', 'restorable', old),
    viewOf('p', 'restorable', { ...old, reason }),
    viewOf('p-old', 'restorable', { ...takenBefore(50), reason }),
  ];
  const verdict = decideRetention(views, policy, new Set(['used']), now);
  assert.deepEqual(verdict.forget, ['p-old']);
});

test('the last good checkpoint of a state never goes, however old', () => {
  const status = fc.constantFrom<CheckpointStatus>('good', 'restorable', 'suspect', 'proven');
  fc.assert(
    fc.property(fc.array(status, { maxLength: 30 }), (statuses) => {
      const views = statuses.map((one, i) => viewOf(`cp${i}`, one, takenBefore(i * 100)));
      const { forget } = decideRetention(views, policy, new Set(), now);
      const lastGood = views.find((view) => view.status === 'good' || view.status === 'proven');
      assert.ok(lastGood === undefined || !forget.includes(lastGood.id));
      if (lastGood !== undefined)
        assert.notEqual(mustStay(lastGood, views, new Set(), policy, now), undefined);
    }),
  );
});

test('P of a run that may still be undone is not forgotten by name either', () => {
  const reason = { kind: 'before-rollback', run: 'run_1' } as const;
  const young = viewOf('p', 'restorable', { ...takenBefore(40), reason });
  const old = viewOf('p-old', 'restorable', { ...takenBefore(50), reason });
  assert.match(mustStay(young, [young, old], new Set(), policy, now) ?? '', /undo period/);
  assert.equal(mustStay(old, [young, old], new Set(), policy, now), undefined);
});

test('the last good set stays although each of its parts was good later by itself', () => {
  const [capture] = manifestOf({}).captures;
  assert.ok(capture !== undefined);
  const holding = (...states: readonly string[]) => ({
    captures: states.map((state) => ({ ...capture, state })),
  });
  const views = [
    viewOf('a', 'good', { ...takenBefore(1), ...holding('shop/files') }),
    viewOf('b', 'good', { ...takenBefore(2), ...holding('till/files') }),
    viewOf('set', 'good', { ...takenBefore(90), ...holding('till/files', 'shop/files') }),
    viewOf('older', 'good', { ...takenBefore(99), ...holding('shop/files', 'till/files') }),
  ];
  assert.deepEqual(decideRetention(views, policy, new Set(), now).forget, ['older']);
});
