import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BlobHash, Capture } from './capture.ts';
import { consistencyClaim, type ConsistencyEvidence } from './consistency.ts';

const capture = (state: string, unstable: boolean): Capture => ({
  state,
  component: 'shop',
  provider: 'files',
  providerVersion: 1,
  fingerprint: 'f',
  image: 'i' as BlobHash,
  items: 1,
  bytes: 1,
  unstable,
  compareOnly: false,
  coverage: { included: [], excluded: [] },
});

const evidence: ConsistencyEvidence = {
  consistency: 'L1',
  stableFrom: '2026-11-21T14:01:03Z',
  stableTo: '2026-11-21T14:01:03Z',
  capturedFrom: '2026-11-21T14:00:50.6Z',
  capturedTo: '2026-11-21T14:01:03Z',
  captures: [capture('shop/files', false)],
};

test('each level claims what it rests on, and no more', () => {
  const told = (more: Partial<ConsistencyEvidence>): string =>
    consistencyClaim({ ...evidence, ...more });
  assert.equal(
    told({}),
    'L1 stable read: every state was read before and after 14:01:03Z, and was the same',
  );
  assert.equal(
    told({ stableFrom: '2026-11-21T14:01:02Z' }),
    'L1 stable read: nothing changed between 14:01:02Z and 14:01:03Z',
  );
  assert.equal(
    told({ consistency: 'L0', captures: [capture('shop/files', true)] }),
    'L0 fuzzy: no common instant; spread = 12.4 s; shop/files changed meanwhile',
  );
  assert.equal(
    told({ consistency: 'L2', references: [{ from: 'shop', to: 'db' }] }),
    'L2 ordered: no dangling reference shop → db, as what refers was read first; ' +
      'no common instant, spread = 12.4 s',
  );
  assert.equal(
    told({ consistency: 'L3', stableFrom: '2026-11-21T14:01:02Z' }),
    'L3 quiesced: a point in time, writers stood still between 14:01:02Z and 14:01:03Z',
  );
  const { capturedFrom: _from, capturedTo: _to, ...old } = evidence;
  assert.match(consistencyClaim({ ...old, consistency: 'L0' }), /spread = unknown/);
});
