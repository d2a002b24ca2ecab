import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BlobHash, StateItem } from './capture.ts';
import { sameItem } from './same-item.ts';

const item: StateItem = {
  path: '/etc/app/key',
  attributes: { type: 'file', mode: '0600', xattrs: { 'user.a': 'QQ==', 'user.b': 'Qg==' } },
  content: ['aa' as BlobHash],
  size: 2,
};

test('an item stays the same when it is marked as secret or its attributes are reordered', () => {
  const xattrs = { 'user.b': 'Qg==', 'user.a': 'QQ==' };
  const attributes = { xattrs, mode: '0600', type: 'file' };
  assert.ok(sameItem(item, { ...item, attributes, secret: true }));
});

test('another mode, other content, no content and no item are not the same', () => {
  const { content: _, ...empty } = item;
  const others = [
    { ...item, attributes: { ...item.attributes, mode: '0644' } },
    { ...item, content: ['ab' as BlobHash] },
    { ...empty, content: [] },
    empty,
    undefined,
  ];
  for (const other of others) assert.equal(sameItem(item, other), false);
  assert.equal(sameItem({ ...empty, content: [] }, empty), false);
});
