import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Change } from '../api/types.ts';
import { groupsOf } from './change-groups.ts';

const change = (state: string, path: string, section?: string): Change => ({
  state,
  component: 'vm',
  path,
  op: 'update',
  secret: false,
  reversible: 'yes',
  disruption: 'none',
  ...(section === undefined ? {} : { section }),
});

test('changes of a host are read by section, those of a component by state', () => {
  const groups = groupsOf([
    change('vm/host', 'packages/curl', 'packages'),
    change('vm/host', '/etc/hosts', 'files'),
    change('shop/files', 'a.json'),
    change('vm/host', 'packages/git', 'packages'),
  ]);
  assert.deepEqual(
    groups.map(({ state, section, changes }) => [state, section, changes.map(({ path }) => path)]),
    [
      ['vm/host', 'packages', ['packages/curl', 'packages/git']],
      ['vm/host', 'files', ['/etc/hosts']],
      ['shop/files', undefined, ['a.json']],
    ],
  );
});

test('no change is no group', () => {
  assert.deepEqual(groupsOf([]), []);
});
