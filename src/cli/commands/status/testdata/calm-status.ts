import type { CallAnswer } from '../../../../api/client.ts';

type Status = CallAnswer<'status'>;

/** The status of a daemon that has nothing to tell, but for what a test is about. */
export function calmStatus(more: Partial<Status>): Status {
  return {
    version: '1',
    startedAt: '2026-11-21T00:00:00Z',
    health: 'ok',
    standing: { verdict: 'healthy', judgedBy: 1, why: 'every health check is green', checks: [] },
    dataDirectory: '/data',
    keyFile: '/data/key',
    coverage: { components: 0, complete: 0 },
    unresolved: [],
    problems: [],
    announced: [],
    incidents: [],
    runs: [],
    clocks: [],
    hold: { on: false, armed: [] },
    evidence: { state: 'up', restarts: 0 },
    checkpoints: { count: 0 },
    sources: [],
    ...more,
  };
}
