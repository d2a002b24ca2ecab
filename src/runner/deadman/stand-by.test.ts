import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { realDisk } from '../../base/disk.ts';
import { silentLog } from '../../base/log.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { memoryKeyring } from '../../testing/memory-keyring.ts';
import { instantOf } from '../../ports/clock.ts';
import { identityOf } from '../process-table.ts';
import { openRunFolders, runFolderName, type RunFile, type RunFolder } from './run-folder.ts';
import { AHEAD_MS_MAX, standBy } from './stand-by.ts';

const RUN = 'run_1';

/** One that was started ahead of its order, by a clock that goes as fast as it looks. */
interface Early {
  readonly at: RunFolder;
  readonly clock: ManualClock;
  readonly order: RunFile;
  /** Undefined: it ended with nothing done. */
  readonly ended: Promise<unknown>;
  goOn(): Promise<void>;
}

async function startEarly(t: TestContext): Promise<Early> {
  const folder = await mkdtemp(join(tmpdir(), 'lastgood-standby-'));
  t.after(() => rm(folder, { recursive: true }));
  const open = await openRunFolders(realDisk, folder, memoryKeyring(new Uint8Array(32).fill(7)));
  const at = open(runFolderName(RUN));
  await at.make();
  const clock = new ManualClock();
  const ended = standBy({
    at,
    clock,
    log: silentLog,
    signal: new AbortController().signal,
    isAhead: true,
    putBack: async () => 'before',
    hold: () => true,
    thaw: async () => undefined,
  });
  const way = { kind: 'lock', path: join(folder, 'lock') } as const;
  const paused = [
    { key: 'shop/cron', name: 'cron', timeoutMs: 1_000, onError: 'fail', way } as const,
  ];
  const deadline = { set: instantOf(clock), afterMs: 3_600_000 };
  return {
    at,
    clock,
    order: { run: RUN, deadline, token: 1, states: [], paused },
    ended,
    async goOn() {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(20);
    },
  };
}

/** What it did in the end; throws what it throws. */
async function lookUntilEnd(ended: Early['ended'], goOn: Early['goOn']): Promise<unknown> {
  let isOver = false;
  const over = ended.finally(() => (isOver = true));
  while (!isOver) await goOn();
  return over;
}

test('whose order does not come within a minute ends and leaves nothing', async (t) => {
  const { at, clock, ended, goOn } = await startEarly(t);
  assert.equal(await lookUntilEnd(ended, goOn), undefined);
  assert.equal(existsSync(at.path), false);
  assert.ok(clock.uptimeMs() >= AHEAD_MS_MAX);
});

test('it watches once its order comes, and ends when another one watches instead', async (t) => {
  const { at, order, ended, goOn } = await startEarly(t);
  await goOn();
  await at.writeRun(order);
  while ((await at.readArmed()) === undefined) await goOn();
  assert.equal((await at.readArmed())?.pid, process.pid);
  const other = { ...identityOf(process.ppid), states: 1, cgroup: '' };
  await at.writeArmed(other);
  assert.equal(await lookUntilEnd(ended, goOn), undefined);
  assert.equal(await at.readEnd(), undefined, 'nothing was put back by whoever went');
});
