import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { captureOrder } from './capture-order.ts';

const state = (component: string) => ({
  id: `${component}/files`,
  component,
  provider: 'files',
  spec: {},
});

test('without a reference, or with references in a circle, no order is claimed', () => {
  const alone = [{ name: 'a', dependsOn: [] }];
  assert.equal(captureOrder([state('a'), state('b')], alone), undefined);
  const circle = [
    { name: 'a', dependsOn: ['b'] },
    { name: 'b', dependsOn: ['a'] },
  ];
  assert.equal(captureOrder([state('a'), state('b')], circle), undefined);
});

test('whoever refers is read before what it refers to, also by way of what is not captured', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const edge = fc.tuple(fc.nat(5), fc.nat(5)).filter(([from, to]) => from < to);
  fc.assert(
    fc.property(fc.array(edge), fc.subarray(names), (edges, captured) => {
      const components = names.map((name, at) => ({
        name,
        dependsOn: edges.filter(([from]) => from === at).map(([, to]) => names[to] ?? ''),
      }));
      const found = captureOrder(captured.toReversed().map(state), components);
      if (found === undefined) return;
      const place = (name: string): number =>
        found.states.findIndex(({ component }) => component === name);
      assert.equal(found.states.length, captured.length);
      for (const { from, to } of found.references) assert.ok(place(from) < place(to));
    }),
  );
});
