import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { joinedGroups } from './travel-group.ts';

test('groups that share a member travel as one, in whatever order they are written', () => {
  const groups = [
    { name: 'shop', states: ['shop/files', 'db/files'] },
    { name: 'mail', states: ['mail/files', 'queue/files'] },
    { name: 'data', states: ['cache/files', 'db/files'] },
  ];
  const wanted = [
    { name: 'data and shop', states: ['cache/files', 'db/files', 'shop/files'] },
    { name: 'mail', states: ['mail/files', 'queue/files'] },
  ];
  assert.deepEqual(joinedGroups(groups), wanted);
  assert.deepEqual(joinedGroups(groups.toReversed()), wanted);
});

test('whatever is joined, no state is in two groups and none is lost', () => {
  const group = fc.record({
    name: fc.constantFrom('a', 'b', 'c'),
    states: fc.uniqueArray(fc.constantFrom('s', 't', 'u', 'v', 'w'), { minLength: 2 }),
  });
  fc.assert(
    fc.property(fc.array(group), (groups) => {
      const all = joinedGroups(groups).flatMap(({ states }) => states);
      assert.equal(new Set(all).size, all.length);
      assert.deepEqual(
        all.toSorted(),
        [...new Set(groups.flatMap(({ states }) => states))].toSorted(),
      );
    }),
  );
});
