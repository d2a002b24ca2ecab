import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { smallDiskOrSkip } from '../testing/small-disk.ts';
import { Reserve } from '../base/reserve.ts';
import { ok } from '../base/result.ts';
import { examineReserves, reserveProblems } from './backend/examine-reserve.ts';
import { coreReserve, standingOf, whyNoEvidence } from './recovery-reserve.ts';

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

/** What doctor and status look at; the host runner answers as it does over its wire. */
function partsOf(disk: string) {
  const own = new Reserve(join(disk, 'host', 'reserve'), BYTES, 1 / 4);
  return {
    reserve: coreReserve(disk, BYTES),
    folder: { root: disk },
    hostReserves: async () => [{ host: undefined, told: ok(standingOf(own)) }],
  };
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
    (await examineReserves(partsOf(disk))).map(({ seen }) => seen),
    [
      '6.0 of 6.0 MiB are set aside; with less than 1.0 MiB free beside it no evidence is stored',
      '2.0 of 2.0 MiB are set aside',
    ],
  );
  assert.deepEqual(await reserveProblems(partsOf(disk)), []);
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
  await fs.mkdir(join(disk, 'host'));
  await leave(disk, 5 * MIB);
  const [core, runner] = await examineReserves(partsOf(disk));
  assert.equal(core?.ok, false);
  assert.equal(
    core.seen,
    '0.0 of 6.0 MiB are set aside for recovery; 5.0 MiB are free, and the reserve needs 6.4 MiB ' +
      'to be whole',
  );
  assert.equal(runner?.ok, false, 'what it needs is free, but not beside what the core needs');
  assert.ok(whyNoEvidence(disk, BYTES) !== undefined, 'as its mend says');
});

test('what the host runner gave up is told in one sentence with what the core has', async (t) => {
  const disk = await smallDiskOrSkip(t, DISK_MIB);
  if (disk === undefined) return;
  await fs.writeFile(join(disk, 'reserve'), Buffer.alloc(6 * MIB, 1));
  await fs.mkdir(join(disk, 'host'));
  await fs.writeFile(join(disk, 'host', 'reserve'), Buffer.alloc(1.5 * MIB, 1));
  await leave(disk, 0);
  const [problem, ...more] = await reserveProblems(partsOf(disk));
  assert.match(
    problem?.what ?? '',
    new RegExp(
      '^7.5 of 8.0 MiB are set aside for recovery ' +
        '\\(core 6.0 of 6.0 MiB, host runner 1.5 of 2.0 MiB\\); 0.\\d MiB are free',
    ),
  );
  assert.deepEqual(more, []);
  const findings = await examineReserves(partsOf(disk));
  assert.deepEqual(
    findings.map(({ subject, ok }) => [subject, ok]),
    [
      ['recovery reserve', true],
      ['recovery reserve of the host runner', false],
    ],
  );
});
