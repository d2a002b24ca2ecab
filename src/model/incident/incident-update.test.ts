import assert from 'node:assert/strict';
import { test } from 'node:test';
import { incidentUpdate, type UpdateSubject } from './incident-update.ts';
import type { SuspectOrder } from './suspect.ts';

const NOW = '2026-11-20T14:05:00Z';

const subject: UpdateSubject = {
  id: 'inc_1',
  state: 'open',
  title: 'checkout and gateway in trouble',
  openedAt: '2026-11-20T14:02:13.000000000Z',
  firstBadAt: '2026-11-20T14:02:11.000000000Z',
  components: ['checkout', 'gateway'],
  signals: [
    {
      id: 'sig_1',
      phase: 'raised',
      trigger: 'errors',
      component: 'checkout',
      at: '2026-11-20T14:02:13.000000000Z',
      firstBadAt: '2026-11-20T14:02:11.000000000Z',
      value: 2.1,
      limit: 2,
      reason: 'checkout wrote 21 records of ERROR or above in 10s (2.1/s), above 2/s',
      actions: ['incident'],
    },
  ],
  firing: ['errors'],
  runs: [],
  diagnosis: {
    suspects: [
      {
        rank: 1,
        component: 'payment',
        kind: 'process',
        score: 0.97,
        verdict: 'LIKELY',
        reasons: [{ text: 'payment took none of\n60 connections of checkout', evidence: [] }],
      },
    ],
    rollback: { helps: 'no', why: 'rolling back will not help: restart payment' },
  },
};

test('an update is five lines that can be pasted', () => {
  assert.deepEqual(incidentUpdate(subject, '2026-11-20T14:14:00Z'), [
    'Impact: checkout and gateway in trouble: checkout wrote 21 records of ERROR or above in 10s ' +
      '(2.1/s), above 2/s',
    'Since: 2026-11-20 14:02 UTC, for 12 min; noticed after 2 s',
    'Cause: likely payment: payment took none of 60 connections of checkout',
    'Action: rolling back will not help: restart payment',
    'Next update: 2026-11-20 14:29 UTC',
  ]);
});

test('an update of a closed incident promises no next one', () => {
  const closed: UpdateSubject = {
    ...subject,
    state: 'closed',
    closedAt: '2026-11-20T14:20:11.000000000Z',
    closeReason: 'run run_1 healed it',
    signals: [],
    firing: [],
  };
  const lines = incidentUpdate(closed, '2026-11-20T18:00:00Z');
  assert.equal(
    lines[0],
    'Impact: checkout and gateway in trouble until now; no trigger fires any more',
  );
  assert.equal(lines[1], 'Since: 2026-11-20 14:02 UTC, for 18 min; noticed after 2 s');
  assert.equal(lines[3], 'Action: none, it is over: run run_1 healed it');
  assert.equal(lines[4], 'Next update: none');
});

test('the cause that clocks do not put first says so', () => {
  const told = (order: SuspectOrder | undefined): string | undefined => {
    const suspects = (subject.diagnosis?.suspects ?? []).map((suspect) =>
      order === undefined ? suspect : { ...suspect, order },
    );
    const rollback = { helps: 'unknown', why: '' } as const;
    return incidentUpdate({ ...subject, diagnosis: { suspects, rollback } }, NOW)[2];
  };
  const cause = 'Cause: likely payment: payment took none of 60 connections of checkout';
  assert.equal(told(undefined), cause);
  assert.equal(told({ word: 'before', text: 'its first sign came 1 s before' }), cause);
  const text = 'its first sign came 8 s after that of checkout';
  assert.equal(told({ word: 'after', text }), `${cause}; ${text}`);
});
