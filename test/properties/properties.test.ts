import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { occurrences } from './mutant.ts';
import { PROPERTIES } from './properties.ts';

/** What `npm run properties` proves by running, as far as it can be told in a moment. */
const textOf = (file: string): string =>
  readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

test('there are 25 properties, in order, each with a safeguard', () => {
  const numbers = PROPERTIES.map(({ number }) => number);
  assert.deepEqual(
    numbers,
    Array.from({ length: 25 }, (_, at) => at + 1),
  );
});

test('every safeguard stands where it is said to stand, once', () => {
  const lost = PROPERTIES.flatMap(({ number, safeguards }) =>
    safeguards
      .filter(({ file, line }) => occurrences(textOf(file), line) !== 1)
      .map(({ file, line }) => `${number}: ${file}: ${line}`),
  );
  assert.deepEqual(lost, [], 'name the line that keeps the property now');
});

test('taking a safeguard away changes something', () => {
  for (const { safeguards } of PROPERTIES) {
    for (const { line, without } of safeguards) assert.notEqual(line, without);
  }
});
