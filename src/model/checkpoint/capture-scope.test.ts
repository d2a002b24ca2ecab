import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareScope, scopeOf, underScope, type ScopeKeys } from './capture-scope.ts';

const FILES: ScopeKeys = { more: ['paths'], less: ['exclude'] };
const ROUTES: ScopeKeys = { more: ['tables', 'rules'], same: ['link'] };
const NODES: ScopeKeys = { allIfAbsent: ['nodes'] };

const cases: readonly (readonly [ScopeKeys, then: object, now: object, kind: string])[] = [
  [FILES, { paths: ['a'], exclude: [] }, { paths: ['a'], exclude: [] }, 'same'],
  [FILES, { paths: ['a', 'b'], exclude: [] }, { paths: ['b', 'a'], exclude: [] }, 'same'],
  [FILES, { paths: ['a'], exclude: [] }, { paths: ['a', 'b'], exclude: [] }, 'wider'],
  [FILES, { paths: ['a'], exclude: ['*.log'] }, { paths: ['a'], exclude: [] }, 'wider'],
  [FILES, { paths: ['a', 'b'], exclude: [] }, { paths: ['a'], exclude: [] }, 'other'],
  [FILES, { paths: ['a'], exclude: [] }, { paths: ['a'], exclude: ['*.log'] }, 'other'],
  [FILES, { paths: ['a'], exclude: [] }, { paths: ['b'], exclude: [] }, 'other'],
  [ROUTES, { tables: ['main'], rules: false }, { tables: ['main'], rules: true }, 'wider'],
  [ROUTES, { tables: ['main'] }, { tables: ['*'] }, 'wider'],
  [ROUTES, { tables: ['*'] }, { tables: ['main'] }, 'other'],
  [ROUTES, { tables: ['main'], link: 'a' }, { tables: ['main'], link: 'b' }, 'other'],
  [NODES, { nodes: ['m:a'] }, { nodes: ['m:a', 'm:b'] }, 'wider'],
  [NODES, { nodes: ['m:a'] }, {}, 'wider'],
  [NODES, {}, { nodes: ['m:a'] }, 'other'],
  [NODES, {}, {}, 'same'],
];

for (const [keys, then, now, kind] of cases) {
  test(`${JSON.stringify(now)} is ${kind} than ${JSON.stringify(then)}`, () => {
    assert.equal(compareScope(scopeOf(then, keys), scopeOf(now, keys), keys).kind, kind);
  });
}

test('a state as it was captured is reached as it is configured today', () => {
  const spec = { paths: ['a', 'b'], exclude: [], restart: ['new'] };
  const state = { id: 's/files', component: 's', provider: 'files', spec };
  const then = scopeOf({ paths: ['a'], exclude: ['x'], restart: ['old'] }, FILES);
  assert.deepEqual(underScope(state, then, FILES).spec, {
    paths: ['a'],
    exclude: ['x'],
    restart: ['new'],
  });
});
