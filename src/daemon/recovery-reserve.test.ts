import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { smallDiskOrSkip } from '../testing/small-disk.ts';
import { examineReserve } from './backend/examine-reserve.ts';
import { coreReserve, whyNoEvidence } from './recovery-reserve.ts';

const MIB = 1024 * 1024;

/** Of the reserve on a disk of so much, 8 MiB, the core has 6 and the host runner 2. */
const DISK_MIB = 64;

async function leave(disk: string, freeBytes: number): Promise<void> {
  const { bavail, bsize } = await fs.statfs(disk);
  const chunk = Buffer.alloc(MIB / 2, 1);
  for (let left = bavail * bsize - freeBytes; left > 0; left -= chunk.length) {
    await fs.appendFile(join(disk, 'others'), chunk.subarray(0, left));
  }
}

const BYTES = 64 * MIB;

function examined(disk: string) {
  return examineReserve({ reserve: coreReserve(disk, BYTES), folder: { root: disk } });
}

test('evidence is stored beside a reserve that is whole, down to an eighth of it', async (t) => {
  const disk = await smallDiskOrSkip(t, DISK_MIB);
  if (disk === undefined) return;
  await fs.writeFile(join(disk, 'reserve'), Buffer.alloc(6 * MIB, 1));
  await fs.mkdir(join(disk, 'host'));
  await fs.writeFile(join(disk, 'host', 'reserve'), Buffer.alloc(2 * MIB, 1));
  await leave(disk, 1.5 * MIB);
  assert.equal(whyNoEvidence(disk, BYTES), undefined);
  assert.deepEqual(
    examined(disk).map(({ ok, seen }) => ({ ok, seen })),
    [{ ok: true, seen: '6.0 of 6.0 MiB are set aside' }],
  );
  await leave(disk, 0.5 * MIB);
  const why = `${disk}: 0.5 MiB are free, and 1.0 MiB are kept for recovery`;
  assert.equal(whyNoEvidence(disk, BYTES), why);
});

test('what the core or the host runner misses of its share is not for evidence', async (t) => {
  const disk = await smallDiskOrSkip(t, DISK_MIB);
  if (disk === undefined) return;
  await fs.writeFile(join(disk, 'reserve'), Buffer.alloc(5 * MIB, 1));
  await leave(disk, 3.5 * MIB);
  assert.equal(whyNoEvidence(disk, BYTES), undefined, 'no host runner works here');
  await fs.mkdir(join(disk, 'host'));
  await leave(disk, 3.5 * MIB);
  const why = `${disk}: 3.5 MiB are free, and 4.0 MiB are kept for recovery`;
  assert.equal(whyNoEvidence(disk, BYTES), why);
  await fs.rmdir(join(disk, 'host'));
  await fs.writeFile(join(disk, 'host'), '');
  assert.match(whyNoEvidence(disk, BYTES) ?? '', / 4\.0 MiB are kept/, 'it may not be looked at');
});

test('a reserve that cannot grow says what is free and what it needs', async (t) => {
  const disk = await smallDiskOrSkip(t, DISK_MIB);
  if (disk === undefined) return;
  await leave(disk, 5 * MIB);
  const [found] = examined(disk);
  assert.equal(found?.ok, false);
  assert.equal(
    found.seen,
    '0.0 of 6.0 MiB are set aside for recovery; 5.0 MiB are free, and the reserve needs 6.4 MiB ' +
      'to be whole',
  );
  assert.ok(whyNoEvidence(disk, BYTES) !== undefined, 'as its mend says');
});
