import assert from 'node:assert/strict';
import { test } from 'node:test';

import { simulateRun, type WorldSabotage } from './seeded/simulated-run.ts';

/** Enough to meet every kind of fault; `npm run simulate` goes on from here. */
const RUNS = 200;

/** A safeguard that nobody misses in so many lives is none. */
const SABOTAGED_MAX = 400;

test('no seeded life of a rollback ends in a lie, and all kinds of ends are met', async () => {
  const ends = new Set<string>();
  let [undone, resumed] = [0, 0];
  for (let seed = 1; seed <= RUNS; seed += 1) {
    const run = await simulateRun(seed);
    ends.add(run.end);
    undone += run.undone;
    resumed += run.resumed;
    assert.deepEqual(run.violations, [], `replay: npm run simulate -- --runs 1 --seed ${seed}`);
  }
  for (const end of ['COMMITTED', 'REVERTED', 'ABORTED', 'NEEDS_OPERATOR']) {
    assert.ok(ends.has(end), `${RUNS} runs met no ${end}`);
  }
  assert.ok(undone > 0 && resumed > 0, `${undone} undone, ${resumed} resumed`);
});

test('equal seeds give equal lives', async () => {
  assert.deepEqual(await simulateRun(7), await simulateRun(7));
});

/** What a host promises beside its answers, taken away. */
const SABOTAGES: Readonly<Record<string, WorldSabotage>> = {
  'reads that do not wait for who writes': (world, hosts) => ({
    observe: (id, deadlineMs) => {
      hosts.find(id).busy = Promise.resolve();
      return world.observe(id, deadlineMs);
    },
  }),
  'writes that do not look at each item': (_, hosts) => {
    hosts.lookAtItems = false;
    return {};
  },
  'applies that heed no token': (_, hosts) => {
    hosts.heedTokens = false;
    return {};
  },
};

for (const [title, sabotage] of Object.entries(SABOTAGES)) {
  test(`the simulation misses what hosts no longer promise: ${title}`, async () => {
    for (let seed = 1; seed <= SABOTAGED_MAX; seed += 1) {
      const { violations } = await simulateRun(seed, sabotage);
      if (violations.length > 0) return;
    }
    assert.fail(`nothing was seen in ${SABOTAGED_MAX} runs`);
  });
}
