import assert from 'node:assert/strict';
import { test } from 'node:test';
import { worstFirst } from './check-words.ts';

test('what is red comes first, whatever its part in the gate', () => {
  const check = (name: string, color: 'red' | 'green' | 'unknown', role: 'guard' | 'beside') => ({
    ...{ check: name, component: 'shop', seen: '' },
    color,
    role,
  });
  const checks = [
    check('a', 'green', 'guard'),
    check('b', 'unknown', 'guard'),
    check('c', 'red', 'beside'),
  ];
  assert.deepEqual(
    worstFirst(checks).map((one) => one.check),
    ['c', 'b', 'a'],
  );
});
