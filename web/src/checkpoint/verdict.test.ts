import assert from 'node:assert/strict';
import { test } from 'node:test';

import { verdictParts } from './verdict.ts';

const CHECKS = 'till: GET http://127.0.0.1:23067/healthz, bank: GET http://127.0.0.1:30426/healthz';

test('a verdict is read at once, the checks behind it are asked for', () => {
  assert.deepEqual(verdictParts(`healthy all through its soak: ${CHECKS}`), {
    verdict: 'healthy all through its soak',
    rest: CHECKS,
  });
  assert.deepEqual(verdictParts(`not good: evidence has a gap: ${CHECKS}`), {
    verdict: 'not good: evidence has a gap',
    rest: CHECKS,
  });
});

test('a sentence of one line is whole, and so is one that has no list', () => {
  for (const sentence of [
    'not good: inc_01m7zqt141c5hd8yxc was open during its soak',
    'captured; its bytes were not read back yet',
    'not good as long as no health check or trigger has data to judge it by',
  ]) {
    assert.deepEqual(verdictParts(sentence), { verdict: sentence });
  }
});
