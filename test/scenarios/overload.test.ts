import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runOverload } from './overload/run-overload.ts';

test('a flood, kills, a full disk, a torn log: nothing acknowledged is lost', async (t) => {
  const report = await runOverload(t, {
    rounds: 3,
    roundMs: 2_500,
    senders: 6,
    messagesPerSecond: 2_000,
    diskMb: 128,
  });
  const { lost, doubled, healthMs, ...figures } = report;
  const slowest = healthMs.at(-1) ?? Number.POSITIVE_INFINITY;
  const at95 = healthMs[Math.floor(healthMs.length * 0.95)] ?? Number.POSITIVE_INFINITY;
  t.diagnostic(JSON.stringify(figures));
  t.diagnostic(`health: ${healthMs.length} answers, the slowest took ${slowest.toFixed(0)} ms`);
  assert.ok(figures.acknowledged > 0 && figures.fileLines > 0);
  assert.deepEqual(lost.slice(0, 10), [], `${lost.length} lost`);
  assert.deepEqual(doubled.slice(0, 10), [], `${doubled.length} twice`);
  assert.ok(at95 < 1_000, `of 20 answers more than one took ${at95} ms`);
});
