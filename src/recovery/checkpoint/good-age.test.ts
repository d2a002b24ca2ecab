import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRfc3339, type TimeNs } from '../../base/time.ts';
import type { CheckpointStatus } from '../../model/checkpoint/checkpoint.ts';
import { withoutYoungGood } from './good-age.ts';
import { manifestOf, viewOf } from './testdata/manifest.ts';

const now = parseRfc3339('2026-11-21T12:00:00Z') as TimeNs;
const HOUR_MS = 3_600_000;

function taken(status: CheckpointStatus, hour: string, compareOnly = false) {
  const captures = manifestOf({}).captures.map((capture) => ({ ...capture, compareOnly }));
  return viewOf(`cp${hour}`, status, { takenAt: `2026-11-21T${hour}:00:00Z`, captures });
}

const missing = (...views: readonly ReturnType<typeof taken>[]): readonly string[] =>
  withoutYoungGood(views, ['shop/files'], 3 * HOUR_MS, now);

test('checkpoints that are taken and never become good are told', () => {
  assert.deepEqual(missing(taken('restorable', '11'), taken('restorable', '08')), ['shop/files']);
  assert.deepEqual(missing(taken('restorable', '11'), taken('good', '08')), ['shop/files']);
});

test('a young good or proven one is enough', () => {
  assert.deepEqual(missing(taken('good', '10'), taken('bad', '08')), []);
  assert.deepEqual(missing(taken('proven', '10'), taken('bad', '08')), []);
});

test('what is taken for a shorter time than the limit, or only compared, misses nothing', () => {
  assert.deepEqual(missing(taken('restorable', '11')), []);
  assert.deepEqual(missing(taken('restorable', '08', true)), []);
});
