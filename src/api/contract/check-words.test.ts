import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkName, worstFirst } from './check-words.ts';

test('what is red comes first, then what did not answer, each in its order', () => {
  const colors = ['green', 'unknown', 'red', 'red'] as const;
  const checks = colors.map((color, at) => ({ check: `check ${at}`, color }));
  assert.deepEqual(
    worstFirst(checks).map(({ check }) => check),
    ['check 2', 'check 3', 'check 1', 'check 0'],
  );
});

test('a check is named with its component, once', () => {
  assert.equal(checkName({ component: 'shop', check: 'shop:http' }), 'shop:http');
  assert.equal(checkName({ component: 'shop', check: 'errors' }), 'shop: errors');
});
