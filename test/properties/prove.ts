import { PROPERTIES } from './properties.ts';
import { Mutant, occurrences, type Outcome } from './mutant.ts';
import type { Proof, Safeguard } from './property.ts';
import { readFileSync } from 'node:fs';

/**
 * `npm run properties -- [NUMBER…]`: takes each safeguard of each property away in a copy of the
 * project and demands that its test fails there, and passes with it. Ends in a test summary.
 */
const wanted = new Set(process.argv.slice(2).map(Number));
const chosen = PROPERTIES.filter(({ number }) => wanted.size === 0 || wanted.has(number));
const project = new URL('../..', import.meta.url).pathname;
const mutant = await Mutant.make(project);
const whole = new Map<string, Promise<Outcome>>();
let passed = 0;
let failed = 0;
try {
  for (const { number, name, safeguards } of chosen) {
    for (const safeguard of safeguards) {
      const trouble = await judge(safeguard);
      if (trouble === undefined) passed += 1;
      else failed += 1;
      console.log(
        `${trouble === undefined ? 'kept  ' : 'BROKEN'} ${number} ${name}: ${safeguard.does}`,
      );
      if (trouble !== undefined) console.log(`       ${trouble}`);
    }
  }
} finally {
  await mutant.remove();
}
console.log(`# pass ${passed}\n# fail ${failed}`);
if (failed > 0 || passed === 0) process.exitCode = 1;

/** What is wrong with a safeguard or its test; undefined when nothing is. */
async function judge(safeguard: Safeguard): Promise<string | undefined> {
  const { file, line, proof } = safeguard;
  const found = occurrences(readFileSync(`${project}${file}`, 'utf8'), line);
  if (found !== 1) return `${file} has this line ${found} times, not once: ${line}`;
  const as = `"${proof.test}" of ${proof.file}`;
  const kept = await asItIs(proof);
  if (kept !== 'passed') return `with the safeguard, ${as}: ${kept}`;
  const without = await mutant.runWithout(safeguard);
  return without === 'failed' ? undefined : `without the safeguard, ${as}: ${without}`;
}

/** One test proves several safeguards; as the project is it needs to pass once. */
function asItIs(proof: Proof): Promise<Outcome> {
  const key = `${proof.file} ${proof.test}`;
  const known = whole.get(key) ?? mutant.run(proof);
  whole.set(key, known);
  return known;
}
