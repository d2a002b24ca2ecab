import { parseArgs } from 'node:util';

import { simulateRun } from './seeded/simulated-run.ts';

/**
 * `npm run simulate -- --runs N --seed S`: N whole lives of rollbacks from seed S on, in worlds
 * that crash, tear, lie, hang and fill up. Prints how they ended; exit 1 with the seeds that went
 * wrong, each of which `--runs 1 --seed` replays.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
  },
});
const runs = Number(values.runs);
const first = Number(values.seed);
const ends: Record<string, number> = {};
const wrong: string[] = [];
let [crashes, undone, resumed, overtakes] = [0, 0, 0, 0];
const began = performance.now();
for (let seed = first; seed < first + runs; seed += 1) {
  const run = await simulateRun(seed);
  ends[run.end] = (ends[run.end] ?? 0) + 1;
  crashes += run.crashes;
  undone += run.undone;
  resumed += run.resumed;
  overtakes += run.overtakes;
  for (const violation of run.violations) wrong.push(`seed ${seed}: ${violation}`);
}
const minutes = (performance.now() - began) / 60_000;
console.log(`${runs} runs from seed ${first}: ${JSON.stringify(ends)}`);
console.log(`${crashes} crashes, ${undone} undone, ${resumed} resumed, ${overtakes} overtaken`);
console.log(`${Math.round(runs / minutes)} runs a minute`);
for (const line of wrong.slice(0, 20)) console.log(line.slice(0, 300));
if (wrong.length > 0) {
  console.log(`${wrong.length} violations`);
  process.exitCode = 1;
}
