import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { realDisk } from '../../base/disk.ts';
import { silentLog } from '../../base/log.ts';
import { remainingMs } from '../../model/run/instant.ts';
import { instantOf } from '../../ports/clock.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { memoryKeyring } from '../../testing/memory-keyring.ts';
import { moveDeadline } from './move-deadline.ts';
import { openRunFolders, runFolderName, type RunFolder } from './run-folder.ts';
import { standBy } from './stand-by.ts';

const RUN = 'run_1';

/** The watch over a run that has a minute. */
async function watchFor(t: TestContext): Promise<{ at: RunFolder; clock: ManualClock }> {
  const folder = await mkdtemp(join(tmpdir(), 'lastgood-move-'));
  t.after(() => rm(folder, { recursive: true }));
  const open = await openRunFolders(realDisk, folder, memoryKeyring(new Uint8Array(32).fill(7)));
  const at = open(runFolderName(RUN));
  const clock = new ManualClock();
  const deadline = { set: instantOf(clock), afterMs: 60_000 };
  await at.writeRun({ run: RUN, deadline, token: 1, states: [] });
  return { at, clock };
}

async function leftOf(at: RunFolder, clock: ManualClock): Promise<number> {
  const file = await at.readRun();
  return file === undefined ? 0 : remainingMs(file.deadline, instantOf(clock)) / 1000;
}

test('a watch is given more time, and never less than it has', async (t) => {
  const { at, clock } = await watchFor(t);
  clock.advance(30_000);
  assert.equal((await moveDeadline(at, RUN, 300, clock)).ok, true);
  assert.equal(await leftOf(at, clock), 300);
  assert.equal((await moveDeadline(at, RUN, 10, clock)).ok, true);
  assert.equal(await leftOf(at, clock), 300);
});

test('a watch whose time is up, or that has ended, is given none', async (t) => {
  const late = await watchFor(t);
  late.clock.advance(60_000);
  assert.equal((await moveDeadline(late.at, RUN, 300, late.clock)).ok, false);
  const ended = await watchFor(t);
  await ended.at.end('disarmed');
  assert.equal((await moveDeadline(ended.at, RUN, 300, ended.clock)).ok, false);
  await ended.at.remove();
  assert.equal((await moveDeadline(ended.at, RUN, 300, ended.clock)).ok, false);
  assert.equal(await ended.at.readRun(), undefined, 'and no watch is made of nothing');
});

test('whose time ran out while more was written down is not told so', async (t) => {
  const { at, clock } = await watchFor(t);
  const slow: RunFolder = {
    ...at,
    async writeRun(file) {
      await at.writeRun(file);
      clock.advance(60_000);
    },
  };
  assert.equal((await moveDeadline(slow, RUN, 300, clock)).ok, false);
});

test('stopped while it read the earlier deadline, a dead-man does not fire by it', async (t) => {
  const { at, clock } = await watchFor(t);
  let reads = 0;
  // SIGSTOP right behind the read: time passes, and somebody is given more of it.
  const stopped: RunFolder = {
    ...at,
    async readRun() {
      const file = await at.readRun();
      reads += 1;
      if (reads !== 2) return file;
      assert.equal((await moveDeadline(at, RUN, 300, clock)).ok, true);
      clock.advance(100_000);
      return file;
    },
  };
  const parts = { at: stopped, clock, log: silentLog, isAhead: false } as const;
  const signal = new AbortController();
  let isOver = false;
  // A little each time: the disk takes as long as it takes, and a minute must not pass meanwhile.
  const goOn = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    clock.advance(20);
  };
  const ended = standBy({
    ...parts,
    signal: signal.signal,
    putBack: async () => 'before',
    hold: () => true,
    thaw: async () => undefined,
  }).finally(() => (isOver = true));
  while (reads < 4 && !isOver) await goOn();
  assert.equal(await at.readEnd(), undefined, 'it did not fire');
  signal.abort();
  while (!isOver) await goOn();
  assert.equal(await ended, undefined);
});
