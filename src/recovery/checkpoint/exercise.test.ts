import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exerciseText } from '../../model/checkpoint/exercise-text.ts';
import { exercisedIn, exerciseOf } from './exercise.ts';

function operation(component: string, name: string, calls: number, isEntry = true) {
  const during = { calls, errors: 0, slow: 0, totalMs: 0 };
  return { component, operation: name, isEntry, during };
}

const shop = new Set(['shop']);

test('a checkpoint is good for what ran in its soak, and names what is known and did not', () => {
  const operations = [
    operation('shop', 'POST /orders', 3),
    operation('shop', 'POST /login', 1),
    operation('shop', 'POST /refunds', 0),
    operation('shop', 'SELECT orders', 9, false),
    operation('mail', 'POST /send', 4),
  ];
  assert.equal(
    exerciseText(exerciseOf(operations, shop, [])),
    'good for: shop POST /login, shop POST /orders; not exercised: shop POST /refunds',
  );
});

test('what ran in an earlier soak and is forgotten by the counters is still told', () => {
  const exercise = exerciseOf([operation('shop', 'POST /orders', 1)], shop, []);
  const at = '2026-11-21T02:00:10Z';
  const known = exercisedIn([{ kind: 'soak-ended', at, healthy: true, why: 'well', exercise }]);
  assert.deepEqual(exerciseOf([], shop, known), {
    exercised: [],
    notExercised: ['shop POST /orders'],
  });
});
