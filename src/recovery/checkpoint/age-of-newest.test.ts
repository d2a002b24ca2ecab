import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRfc3339 } from '../../base/time.ts';
import { ageOfNewest } from './age-of-newest.ts';
import { manifestOf } from './testdata/manifest.ts';

const HOUR_MS = 3_600_000;
const now = parseRfc3339('2026-11-21T04:00:00Z');
const taken = (takenAt: string) => ({ manifest: manifestOf({ takenAt }) });

test('after a downtime the newest checkpoint is as old as the clock says', () => {
  assert.ok(now !== undefined);
  const views = [taken('2026-11-21T03:00:00Z'), taken('2026-11-21T01:00:00Z')];
  assert.equal(ageOfNewest(views, now), HOUR_MS);
  assert.equal(ageOfNewest([], now), undefined);
});

test('what a rollback took for itself, and a clock that was set back, delay nothing', () => {
  assert.ok(now !== undefined);
  const takenAt = '2026-11-21T03:59:00Z';
  const reason = { kind: 'before-rollback', run: 'run_1' } as const;
  const before = { manifest: manifestOf({ takenAt, reason }) };
  assert.equal(ageOfNewest([before, taken('2026-11-21T03:00:00Z')], now), HOUR_MS);
  assert.equal(ageOfNewest([taken('2026-11-21T05:00:00Z')], now), 0);
});
