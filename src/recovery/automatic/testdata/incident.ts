import { parseRfc3339, timeNs } from '../../../base/time.ts';
import type { Incident } from '../../../model/incident/incident.ts';
import type { Suspect } from '../../../model/incident/suspect.ts';
import type { AutomaticPolicy } from '../policy.ts';

/** Saturday noon. */
export const NOON = parseRfc3339('2026-11-21T12:00:00Z') ?? timeNs(0n);

/** Two components may go back by themselves. */
export const policy: AutomaticPolicy = {
  components: ['shop', 'till'],
  confidence: 0.8,
  delayMs: 60_000,
  limit: { runs: 2, withinMs: 86_400_000 },
  coolDownMs: 3_600_000,
};

/** The change that is to blame. */
export const suspect: Suspect = {
  rank: 1,
  component: 'shop',
  kind: 'change',
  score: 0.9,
  verdict: 'LIKELY',
  resource: 'shop/files:a.conf',
  reasons: [],
};

/** To go back helps. */
export const advice = { helps: 'yes', why: 'shop changed', checkpoint: 'cp_1' } as const;

/** What the evidence says. */
export const diagnosis = {
  incident: { from: '2026-11-21T11:59:00Z', to: '2026-11-21T12:00:00Z' },
  suspects: [suspect],
  rollback: advice,
  elapsedMs: 1,
};

/** An open incident whose first suspect is a change. */
export const incident: Incident = {
  id: 'inc_1',
  state: 'open',
  title: 'shop in trouble',
  openedAt: '2026-11-21T11:59:10Z',
  firstBadAt: '2026-11-21T11:59:00Z',
  components: ['shop'],
  signals: [],
  firing: ['errors'],
  runs: [],
  diagnosis,
};

/** What is said before a rollback begins by itself. */
export const announced = {
  at: '2026-11-21T11:59:30Z',
  due: '2026-11-21T12:00:00Z',
  plan: 'plan_1',
  planHash: 'hash',
  target: 'cp_1',
  components: ['shop'],
};
/** When one began. */
export const begunAt = '2026-11-21T11:59:40Z';
