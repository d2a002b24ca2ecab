import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { test } from 'node:test';
import { unwrap } from '../../../../base/result.ts';
import { timeNs } from '../../../../base/time.ts';
import { fillDisk, smallDiskOrSkip } from '../../../../testing/small-disk.ts';
import { memoryKeyring, openForTest, testBatch } from '../testdata/store-fixture.ts';

const NOTHING_OLD = { before: timeNs(0n), rules: [], referred: [] };

test('retention frees a disk that is full to its last byte', async (t) => {
  const disk = await smallDiskOrSkip(t, 12);
  if (disk === undefined) return;
  const store = await openForTest(`${disk}/evidence`, memoryKeyring());
  try {
    for (const observedNs of [1n, 1000n]) {
      const batch = testBatch([{ observedNs, body: `at ${observedNs}` }]);
      unwrap(await store.append(batch, { source: 'test', sender: 's' }));
      unwrap(await store.seal());
    }
    unwrap(await store.retain(NOTHING_OLD));
    const free = await fillDisk(disk);
    const { bavail } = await fs.statfs(disk);
    assert.equal(bavail, 0, 'not a block is left');
    const report = unwrap(await store.retain({ ...NOTHING_OLD, before: timeNs(500n) }));
    assert.equal(report.segments, 1);
    const page = unwrap(await store.query({ limit: 10, order: 'arrival' }));
    assert.deepEqual(
      page.records.map(({ body }) => body),
      ['at 1000'],
    );
    await free();
    unwrap(await store.tidy());
    const { size } = await fs.stat(`${disk}/evidence/reserve`);
    assert.equal(size, 1024 * 1024, 'the room is set aside again');
  } finally {
    await store.close();
  }
});
