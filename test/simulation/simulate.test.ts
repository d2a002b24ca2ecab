import assert from 'node:assert/strict';
import { test } from 'node:test';

import { simulateRun } from './seeded/simulated-run.ts';

/** Enough to meet every kind of fault; `npm run simulate` goes on from here. */
const RUNS = 200;

test('no seeded life of a rollback ends in a lie, and all kinds of ends are met', async () => {
  const ends = new Set<string>();
  for (let seed = 1; seed <= RUNS; seed += 1) {
    const run = await simulateRun(seed);
    ends.add(run.end);
    assert.deepEqual(run.violations, [], `replay: npm run simulate -- --runs 1 --seed ${seed}`);
  }
  for (const end of ['COMMITTED', 'REVERTED', 'ABORTED', 'NEEDS_OPERATOR']) {
    assert.ok(ends.has(end), `${RUNS} runs met no ${end}`);
  }
});

test('equal seeds give equal lives', async () => {
  assert.deepEqual(await simulateRun(7), await simulateRun(7));
});
