import assert from 'node:assert/strict';
import { test } from 'node:test';

import { stateImage, type StateImage } from './capture.ts';
import { isMixOf } from './image-mix.ts';

function image(items: Readonly<Record<string, string>>): StateImage {
  return stateImage(
    Object.entries(items).map(([path, text]) => ({ path, attributes: { text, type: 'file' } })),
  );
}

const before = image({ a: 'old', b: 'old', gone: 'old' });
const wanted = image({ a: 'new', b: 'new', made: 'new' });

test('some items as before and some as wanted may be a half-done step of ours', () => {
  assert.equal(isMixOf(image({ a: 'new', b: 'old', gone: 'old' }), before, wanted, []), true);
  assert.equal(isMixOf(image({ a: 'new', b: 'old', made: 'new' }), before, wanted, []), true);
  assert.equal(isMixOf(before, before, wanted, []), true);
  assert.equal(isMixOf(wanted, before, wanted, []), true);
});

test('an item that is neither is not ours, unless it lies under a step that is not atomic', () => {
  const strange = image({ a: 'new', b: 'strange', made: 'new' });
  assert.equal(isMixOf(strange, before, wanted, []), false);
  assert.equal(isMixOf(strange, before, wanted, ['b']), true);
  assert.equal(isMixOf(strange, before, wanted, ['a']), false);
});

test('an item that neither of them knows is not ours', () => {
  const more = image({ a: 'old', b: 'old', gone: 'old', stranger: 'x' });
  assert.equal(isMixOf(more, before, wanted, []), false);
});

test('an item missing although both have it is not ours', () => {
  assert.equal(isMixOf(image({ a: 'old', gone: 'old' }), before, wanted, []), false);
});
