import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../../base/canonical-json.ts';
import { sha256 } from '../../../base/hash.ts';
import { treeChanges } from '../../../filetree/compare/tree-changes.ts';
import {
  imageText,
  stateImage,
  type StateImage,
  type StateItem,
} from '../../../model/checkpoint/capture.ts';
import { isBlobHash } from '../../../model/checkpoint/image-blob.ts';
import { filesPlan } from './files-plan.ts';
import { filesSpec } from './files-spec.ts';

const state = { id: 'app/files', component: 'app', provider: 'files', spec: {} };
const spec = filesSpec.parse({ paths: ['/etc/app'] });

const item: fc.Arbitrary<StateItem> = fc
  .record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    mode: fc.constantFrom('0644', '0600'),
    content: fc.constantFrom('one', 'two'),
    xattrs: fc.constantFrom(undefined, { 'user.b': 'eA==', 'user.a': 'eQ==' }),
    isSecret: fc.boolean(),
  })
  .map(({ name, mode, content, xattrs, isSecret }) => ({
    path: `/etc/app/${name}`,
    attributes: { uid: 0, type: 'file', mode, gid: 0, ...(xattrs === undefined ? {} : { xattrs }) },
    content: [sha256(content)].filter(isBlobHash),
    size: content.length,
    ...(isSecret ? { secret: true as const } : {}),
  }));

const image: fc.Arbitrary<StateImage> = fc
  .uniqueArray(item, { selector: ({ path }) => path, maxLength: 5 })
  .map(stateImage);

test('every item that differs is told once, in path order, and no other', () => {
  fc.assert(
    fc.property(image, image, (from, to) => {
      const told = treeChanges(state, from, to, 'none').map(({ path }) => path);
      const paths = new Set([...from.items, ...to.items].map(({ path }) => path));
      const text = (of: StateImage, path: string): string =>
        canonicalJson(of.items.filter((entry) => entry.path === path).map(withoutSecret));
      const differing = [...paths].filter((path) => text(from, path) !== text(to, path));
      assert.deepEqual(told, differing.toSorted());
    }),
  );
});

function withoutSecret({ secret: _secret, ...rest }: StateItem): Omit<StateItem, 'secret'> {
  return rest;
}

test('the way back undoes the way there, item by item', () => {
  fc.assert(
    fc.property(image, image, (from, to) => {
      const there = filesPlan(spec, from, to).flatMap(({ paths }) => paths);
      const back = filesPlan(spec, to, from).flatMap(({ paths }) => paths);
      assert.deepEqual(there, back);
    }),
  );
});

test('the quick text of an image is its canonical JSON, byte for byte', () => {
  fc.assert(fc.property(image, (of) => assert.equal(imageText(of), canonicalJson(of.items))));
});
