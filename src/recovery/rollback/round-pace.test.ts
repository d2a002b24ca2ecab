import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RoundPace } from './round-pace.ts';

const round = { kind: 'pause', ms: 1_000, since: 'sample' } as const;

test('a round of the gate begins one interval after the one before it began', () => {
  const pace = new RoundPace();
  pace.of({ kind: 'sample' }, 5_000);
  assert.deepEqual(pace.of(round, 5_600), { kind: 'pause', ms: 400 });
  pace.of({ kind: 'sample' }, 6_000);
  assert.deepEqual(pace.of(round, 6_010), { kind: 'pause', ms: 990 });
});

test('checks that take longer than the interval are left alone for a moment all the same', () => {
  const pace = new RoundPace();
  pace.of({ kind: 'sample' }, 5_000);
  assert.deepEqual(pace.of(round, 8_000), { kind: 'pause', ms: 200 });
});

test('other pauses, and one before any round, last as long as they say', () => {
  const pace = new RoundPace();
  assert.equal(pace.of(round, 5_000), round);
  pace.of({ kind: 'sample' }, 5_000);
  const retry = { kind: 'pause', ms: 1_000 } as const;
  assert.equal(pace.of(retry, 5_600), retry);
});
