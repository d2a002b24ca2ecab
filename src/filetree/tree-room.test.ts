import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { smallDiskOrSkip } from '../testing/small-disk.ts';
import { treeScope } from './compare/tree-scope.ts';
import { roomReasons } from './tree-room.ts';

const MIB = 1024 * 1024;

/** What stands against a new file of a size under a root. */
function refusals(root: string, path: string, size: number, spareBytes = 0) {
  const item = { path, attributes: {}, size };
  const spare = { bytesOn: () => spareBytes, giveUpOn: () => false };
  return roomReasons(treeScope([root], []), [{ path, to: item }], spare);
}

test('a restore too large for the disk that it comes to is refused before it begins', async (t) => {
  const disk = await smallDiskOrSkip(t, 16);
  if (disk === undefined) return;
  const deep = join(disk, 'a', 'b');
  await fs.mkdir(deep, { recursive: true });
  for (const [what, root, path, asked] of [
    ['the mount point is the root', disk, join(disk, 'file'), disk],
    ['the root lies below it', deep, join(deep, 'file'), deep],
    ['the root is a file', join(deep, 'file'), join(deep, 'file'), deep],
    ['its folder is not made yet', deep, join(deep, 'c', 'd', 'file'), deep],
    ['the root and what is above it are not made yet', `${disk}/x/y`, `${disk}/x/y/file`, disk],
    ['the disk is mounted below the root', join(disk, '..'), join(disk, 'file'), disk],
  ] as const) {
    const needed = `${asked}: ${900 * MIB} bytes are needed beside and ${16 * MIB} are free`;
    assert.deepEqual(await refusals(root, path, 900 * MIB), [needed], what);
    assert.deepEqual(await refusals(root, path, 8 * MIB), [], `${what}, and it fits`);
  }
  assert.deepEqual(await refusals(disk, join(disk, 'file'), 20 * MIB, 8 * MIB), [], 'set aside');
});

test('files of several folders of one disk must fit together', async (t) => {
  const disk = await smallDiskOrSkip(t, 16);
  if (disk === undefined) return;
  await fs.mkdir(join(disk, 'a'));
  const pairs = ['a/one', 'b/two'].map((name) => {
    const path = join(disk, name);
    return { path, to: { path, attributes: {}, size: 10 * MIB } };
  });
  const scope = treeScope([join(disk, 'a'), join(disk, 'b')], []);
  assert.equal((await roomReasons(scope, pairs, undefined)).length, 1);
  assert.deepEqual(await roomReasons(scope, pairs.slice(1), undefined), []);
});

test('a link below a root is not followed, for what it leads to is another disk', async (t) => {
  const disk = await smallDiskOrSkip(t, 16);
  const other = await smallDiskOrSkip(t, 16);
  if (disk === undefined || other === undefined) return;
  const root = join(disk, 'root');
  await fs.mkdir(root);
  await fs.symlink(other, join(root, 'link'));
  const [reason] = await refusals(root, join(root, 'link', 'file'), 900 * MIB);
  assert.match(reason ?? '', new RegExp(`^${root}: `));
  await fs.symlink(other, join(disk, 'above'));
  const above = join(disk, 'above');
  const [followed] = await refusals(join(above, 'x'), join(above, 'x'), 900 * MIB);
  assert.match(followed ?? '', new RegExp(`^${above}: `));
});
