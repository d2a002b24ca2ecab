import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withNames } from './named-people.ts';

const known = [
  { id: 'token:tok_1a', name: 'local admin', role: 'admin' },
  { id: 'token:tok_2b', role: 'viewer' },
  { id: 'token:tok_3c', name: 'ci', role: 'responder' },
  { id: 'token:tok_4d', name: 'ci', role: 'responder' },
] as const;

test('bearers of tokens are told by name, with the id where the name does not say who', () => {
  const text = 'cancelled by token:tok_1a; then token:tok_2b, token:tok_3c and token:tok_9z';
  const told = 'cancelled by local admin; then viewer (tok_2b), ci (tok_3c) and token:tok_9z';
  assert.equal(withNames(text, known), told);
});
