import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isDiskFull } from './disk-full.ts';
import { diskWithReserve } from './disk-with-reserve.ts';
import { fillDisk, smallDiskOrSkip } from '../testing/small-disk.ts';
import { realDisk } from './disk.ts';
import { Reserve } from './reserve.ts';

const MIB = 1024 * 1024;

async function grown(reserve: Reserve): Promise<void> {
  while (await reserve.grow());
}

test('what is set aside is really taken from the disk, never more than an eighth', async (t) => {
  const disk = await smallDiskOrSkip(t, 16);
  if (disk === undefined) return;
  const { freeBytes: before } = new Reserve(join(disk, 'reserve'), 64 * MIB).state();
  const reserve = new Reserve(join(disk, 'reserve'), 64 * MIB);
  await grown(reserve);
  const { heldBytes, wantedBytes, freeBytes } = reserve.state();
  assert.equal(wantedBytes, 2 * MIB);
  assert.equal(heldBytes, wantedBytes);
  assert.equal(before - freeBytes, heldBytes);
});

test('a write on a full disk goes on with what is given up, not with the rest', async (t) => {
  const disk = await smallDiskOrSkip(t, 16);
  if (disk === undefined) return;
  const reserve = new Reserve(join(disk, 'reserve'), 2 * MIB);
  await grown(reserve);
  await fillDisk(disk);
  const forAll = diskWithReserve(realDisk, reserve);
  const forSome = diskWithReserve(realDisk, reserve, 1 / 2);
  assert.deepEqual(await forSome.room(disk), { freeBytes: 0, spareBytes: MIB });
  assert.deepEqual(await forAll.room(disk), { freeBytes: 0, spareBytes: 2 * MIB });
  const file = await forSome.open(join(disk, 'some'), 'create');
  await file.write(Buffer.alloc(MIB / 2, 2), 0);
  await assert.rejects(file.write(Buffer.alloc(MIB, 2), MIB / 2), isDiskFull);
  await file.truncate(MIB / 2);
  await file.close();
  assert.equal(reserve.state().heldBytes, MIB, 'the other half is kept');
  const other = await forAll.open(join(disk, 'other'), 'create');
  await fillDisk(disk);
  await other.write(Buffer.alloc(MIB, 3), 0);
  await other.close();
  assert.deepEqual(await fs.readFile(join(disk, 'other')), Buffer.alloc(MIB, 3));
});

test('it is set aside again once there is room, and not before', async (t) => {
  const disk = await smallDiskOrSkip(t, 16);
  if (disk === undefined) return;
  const reserve = new Reserve(join(disk, 'reserve'), 2 * MIB);
  await grown(reserve);
  await fillDisk(disk);
  while (reserve.giveUp());
  assert.equal(reserve.state().heldBytes, 0);
  assert.equal(await reserve.grow(), false, 'what was given up is for somebody else');
  await fs.rm(join(disk, 'ballast'));
  await grown(reserve);
  assert.equal(reserve.state().heldBytes, 2 * MIB);
});

test('none is asked for: none is kept, and what an earlier start kept is given back', async (t) => {
  const folder = await fs.mkdtemp(join(tmpdir(), 'lastgood-reserve-'));
  t.after(() => fs.rm(folder, { recursive: true }));
  const path = join(folder, 'reserve');
  const earlier = new Reserve(path, MIB);
  await grown(earlier);
  assert.equal(earlier.state().heldBytes, MIB);
  await grown(new Reserve(path, 0));
  assert.deepEqual(await fs.readdir(folder), []);
});
