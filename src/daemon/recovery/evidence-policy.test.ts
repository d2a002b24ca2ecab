import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRfc3339, timeNs, toRfc3339, type TimeNs } from '../../base/time.ts';
import { configSchema, type Config } from '../../config/schema.ts';
import type { CheckpointId, CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import { cutoffOf } from '../../model/evidence/evidence-retention.ts';
import type { Incident } from '../../model/incident/incident.ts';
import {
  timeOfCheckpoint,
  evidencePolicy,
  referredText,
  type Referring,
} from './evidence-policy.ts';

const NOW = at('2026-11-21T12:00:00Z');

const NOBODY: Referring = {
  checkpoints: [],
  inUse: new Set(),
  openIncidents: [],
  soakMs: 1_800_000,
};

function at(text: string): TimeNs {
  return parseRfc3339(text) ?? timeNs(0n);
}

function storage(value: unknown): Config['storage'] {
  return configSchema.parse({ storage: value }).storage;
}

function view(id: string, pinned: boolean): CheckpointView {
  return {
    id: id as CheckpointId,
    status: 'good',
    statusReason: '',
    pinned,
    level: '',
    claim: '',
    coverage: [],
    manifest: {
      version: 1,
      takenAt: '2026-10-01T10:00:00Z',
      reason: { kind: 'schedule' },
      stableFrom: '2026-10-01T10:00:00Z',
      stableTo: '2026-10-01T10:00:00Z',
      consistency: 'L1',
      captures: [],
      failures: [],
      verdict: 'healthy',
      samples: [],
      watermarks: [],
    },
  };
}

const OPEN: Incident = {
  id: 'inc_1',
  state: 'acknowledged',
  title: 'errors',
  openedAt: '2026-10-02T10:00:05Z',
  firstBadAt: '2026-10-02T10:00:00Z',
  components: ['checkout'],
  signals: [],
  firing: [],
  runs: [],
};

test('the first entry of keep that matches decides, then the common retention', () => {
  const configured = storage({
    retention: '30d',
    keep: [
      { kind: 'metric', component: ['checkout', 'cart'], for: '14d' },
      { kind: ['metric', 'span'], for: '7d' },
      { component: 'checkout', for: '90d' },
    ],
  });
  const policy = evidencePolicy(configured, NOBODY, NOW);
  const days = (kind: 'metric' | 'span' | 'log', component: string): number =>
    Number(NOW - cutoffOf(policy, kind, component)) / 86_400e9;
  assert.equal(days('metric', 'cart'), 14);
  assert.equal(days('metric', 'payment'), 7);
  assert.equal(days('span', 'checkout'), 7);
  assert.equal(days('log', 'checkout'), 90);
  assert.equal(days('log', 'payment'), 30);
});

test('evidence of pinned checkpoints and of open incidents stays, with an hour around it', () => {
  const policy = evidencePolicy(
    storage({}),
    {
      ...NOBODY,
      checkpoints: [view('cp_pinned', true), view('cp_named', false), view('cp_free', false)],
      inUse: new Set(['cp_named']),
      openIncidents: [OPEN],
    },
    NOW,
  );
  const told = policy.referred.map(({ from, to, why }) => [
    toRfc3339(from).slice(0, 16),
    to === undefined ? 'open' : toRfc3339(to).slice(0, 16),
    why,
  ]);
  assert.deepEqual(told, [
    ['2026-10-01T09:00', '2026-10-01T11:30', 'checkpoint cp_pinned is pinned'],
    [
      '2026-10-01T09:00',
      '2026-10-01T11:30',
      'a run, a plan or an open incident refers to checkpoint cp_named',
    ],
    ['2026-10-02T09:00', 'open', 'incident inc_1 is acknowledged'],
  ]);
});

test('a checkpoint explains which evidence stays because of it', () => {
  const time = timeOfCheckpoint(view('cp_pinned', true), NOBODY);
  assert.ok(time !== undefined);
  assert.equal(
    referredText(time),
    'evidence from 2026-10-01T09:00:00Z to 2026-10-01T11:30:00Z stays, ' +
      'because checkpoint cp_pinned is pinned',
  );
  assert.equal(timeOfCheckpoint(view('cp_free', false), NOBODY), undefined);
});
