import assert from 'node:assert/strict';
import { test } from 'node:test';

import { API_ROOT, ROUTES } from '../../../src/api/contract.ts';
import { requestOf } from './address.ts';
import { CALLS } from './calls.ts';

test('every call of the pages stands in the contract under the same method and path', () => {
  const contract: Readonly<Record<string, { method: string; path: string }>> = ROUTES;
  for (const [name, address] of Object.entries(CALLS)) {
    const { method, path } = contract[name] ?? { method: 'no such', path: 'call' };
    assert.equal(address, `${method} ${path}`, name);
  }
  assert.equal(API_ROOT, '/api/v1');
});

test('members named in the path travel there, the others in the query of a GET', () => {
  const request = requestOf('GET /checkpoints/{id}/diff/{other}', {
    id: 'cp/1',
    other: 'now',
    component: ['a', 'b'],
    none: undefined,
  });
  assert.deepEqual(request, {
    method: 'GET',
    path: 'api/v1/checkpoints/cp%2F1/diff/now?component=a&component=b',
    body: undefined,
  });
});

test('members that are not in the path travel in the body of a POST', () => {
  const request = requestOf('POST /runs/{run}/confirm', { run: 'r1', token: 't', nonce: 'n' });
  assert.deepEqual(request, {
    method: 'POST',
    path: 'api/v1/runs/r1/confirm',
    body: '{"token":"t","nonce":"n"}',
  });
});
