import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { test } from 'node:test';
import { unwrap } from '../../../../base/result.ts';
import { timeNs } from '../../../../base/time.ts';
import { memoryKeyring, openForTest, testBatch, testFolder } from '../testdata/store-fixture.ts';

const NOTHING_OLD = { before: timeNs(0n), rules: [], referred: [] };

test('retention frees a disk that is full to its last byte', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('mounting a small disk needs root');
  const disk = await testFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk], { stdio: 'pipe' });
  } catch (error) {
    await fs.rm(disk, { recursive: true });
    return t.skip(`no disk could be mounted: ${String(error)}`);
  }
  t.after(async () => {
    execFileSync('umount', ['-l', disk]);
    await fs.rmdir(disk);
  });
  const store = await openForTest(`${disk}/evidence`, memoryKeyring());
  try {
    for (const observedNs of [1n, 1000n]) {
      const batch = testBatch([{ observedNs, body: `at ${observedNs}` }]);
      unwrap(await store.append(batch, { source: 'test', sender: 's' }));
      unwrap(await store.seal());
    }
    unwrap(await store.retain(NOTHING_OLD));
    const ballast = await fs.open(`${disk}/ballast`, 'w');
    for (const size of [65_536, 1]) await fillUp(ballast, size);
    await ballast.close();
    const { bavail } = await fs.statfs(disk);
    assert.equal(bavail, 0, 'not a block is left');
    const report = unwrap(await store.retain({ ...NOTHING_OLD, before: timeNs(500n) }));
    assert.equal(report.segments, 1);
    const page = unwrap(await store.query({ limit: 10, order: 'arrival' }));
    assert.deepEqual(
      page.records.map(({ body }) => body),
      ['at 1000'],
    );
    await fs.rm(`${disk}/ballast`);
    unwrap(await store.tidy());
    const { size } = await fs.stat(`${disk}/evidence/reserve`);
    assert.equal(size, 1024 * 1024, 'the room is set aside again');
  } finally {
    await store.close();
  }
});

async function fillUp(file: fs.FileHandle, size: number): Promise<void> {
  const bytes = Buffer.alloc(size, 1);
  try {
    for (;;) await file.appendFile(bytes);
  } catch (error) {
    assert.match(String(error), /ENOSPC/);
  }
}
