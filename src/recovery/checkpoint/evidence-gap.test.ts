import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SourceWatermark } from '../../model/checkpoint/checkpoint.ts';
import type { SourceStatus } from '../../model/evidence/store-status.ts';
import { evidenceGap } from './evidence-gap.ts';

const at = (clock: string): string => `2026-11-21T${clock}Z`;
const takenAt = at('02:00:00');
const SOAK_MS = 600_000;

function source(changes: Partial<SourceStatus>): SourceStatus {
  const counts = { received: 0, records: 0, repeated: 0, leftOut: 0, rejects: 0, shed: 0 };
  const told = { refused: 0, lagMs: 0, rules: [], shedBy: [] };
  const about = { id: 'otlp', kind: 'otlp', state: 'running', target: ':4318' } as const;
  return { ...about, ...counts, ...told, ...changes };
}

function gap(
  status: Partial<SourceStatus>,
  before: Omit<SourceWatermark, 'source'>,
  now: Omit<SourceWatermark, 'source'>,
): string | undefined {
  return evidenceGap({ takenAt, watermarks: [{ source: 'otlp', ...before }] }, SOAK_MS, {
    sources: [source(status)],
    watermarks: [{ source: 'otlp', ...now }],
  });
}

const spoke = { time: at('01:59:00') };
const speaks = { time: at('02:09:00') };

test('evidence that went on coming has no gap', () => {
  assert.equal(gap({}, spoke, speaks), undefined);
});

test('records lost since the checkpoint are a gap, those lost before are not', () => {
  const lost = (clock: string) => gap({}, spoke, { ...speaks, gapAt: at(clock) });
  assert.match(lost('02:03:00') ?? '', /^otlp lost records/);
  assert.equal(lost('01:30:00'), undefined);
});

test('a source that does not run is a gap', () => {
  assert.match(gap({ state: 'failed', problem: 'EACCES' }, spoke, speaks) ?? '', /EACCES/);
});

test('a sender that spoke before and is silent all through the soak is a gap', () => {
  assert.match(gap({}, spoke, spoke) ?? '', /^otlp told nothing since/);
});

test('a source that was silent long before, or that has read everything, has no gap', () => {
  const early = { time: at('01:00:00') };
  assert.equal(gap({}, early, early), undefined);
  assert.equal(gap({ caughtUp: true }, spoke, spoke), undefined);
});
