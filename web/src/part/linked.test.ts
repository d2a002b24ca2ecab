import assert from 'node:assert/strict';
import { test } from 'node:test';

import { linkedParts } from './linked.ts';

test('an id within a sentence leads to its page', () => {
  assert.deepEqual(linkedParts('not good: inc_01m7ycfgt58mgg14f5 was open'), [
    { text: 'not good: ' },
    { text: 'inc_01m7ycfgt58mgg14f5', to: ['incidents', 'inc_01m7ycfgt58mgg14f5'] },
    { text: ' was open' },
  ]);
  assert.deepEqual(linkedParts('cp_cfed25fe7130d33d9d2d7ed2'), [
    { text: 'cp_cfed25fe7130d33d9d2d7ed2', to: ['checkpoints', 'cp_cfed25fe7130d33d9d2d7ed2'] },
  ]);
});

test('who did something is told from what was done', () => {
  assert.deepEqual(linkedParts('cancelled by token:tok_01m7y1zpt5xpkbmqgs: too late'), [
    { text: 'cancelled by ' },
    { text: 'token:tok_01m7y1zpt5xpkbmqgs', isPerson: true },
    { text: ': too late' },
  ]);
});

test('a time within a sentence is told apart, to be shown as local time', () => {
  assert.deepEqual(linkedParts('changed between 2026-11-21T18:59:02Z and 18:59'), [
    { text: 'changed between ' },
    { text: '2026-11-21T18:59:02Z', isTime: true },
    { text: ' and 18:59' },
  ]);
});

test('words that only look like ids stay words', () => {
  for (const text of ['', 'run_once failed', 'inc_total: 4', 'plan_b', 'token:tok_x']) {
    assert.equal(
      linkedParts(text).some(({ to, isPerson }) => to !== undefined || isPerson),
      false,
      text,
    );
  }
});

test('a time of an incident is told apart by its day, also beyond midnight', () => {
  const near = '2026-11-21T23:59:58.123456789Z';
  assert.deepEqual(linkedParts('fails since 00:00:04 UTC; taken at 23:50:00 UTC', near), [
    { text: 'fails since ' },
    { text: '2026-11-22T00:00:04Z', isTime: true },
    { text: '; taken at ' },
    { text: '2026-11-21T23:50:00Z', isTime: true },
  ]);
  assert.deepEqual(linkedParts('since 2026-11-20 10:00:00 UTC'), [
    { text: 'since ' },
    { text: '2026-11-20T10:00:00Z', isTime: true },
  ]);
  assert.deepEqual(linkedParts('since 10:00:00 UTC'), [{ text: 'since 10:00:00 UTC' }]);
});
