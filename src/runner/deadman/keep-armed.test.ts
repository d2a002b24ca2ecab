import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { realDisk } from '../../base/disk.ts';
import { sha256 } from '../../base/hash.ts';
import { silentLog } from '../../base/log.ts';
import { ok } from '../../base/result.ts';
import { stateImage, type BlobHash } from '../../model/checkpoint/capture.ts';
import { isBlobHash, storeImage } from '../../model/checkpoint/image-blob.ts';
import { memoryKeyring } from '../../testing/memory-keyring.ts';
import { runningClock } from '../../testing/running-clock.ts';
import { identityOf, isAlive, type ProcessIdentity } from '../process-table.ts';
import type { DeadManNews } from './dead-man-news.ts';
import { openDeadMen, type ArmOrder, type DeadMen } from './dead-men.ts';
import { openRunFolders, runFolderName, type RunFolder } from './run-folder.ts';

const RUN = 'run_1';
const FOREVER = new AbortController().signal;

/** Dead-men whose processes only stand there, or end at once. */
interface Watch {
  readonly deadMen: DeadMen;
  readonly order: ArmOrder;
  readonly news: readonly DeadManNews[];
  readonly started: readonly ProcessIdentity[];
  /** From now on what is started ends at once. */
  spoil(): void;
  arm(): ReturnType<DeadMen['arm']>;
  /** Kills the last one and waits for the host to see it. */
  kill(): Promise<void>;
  /** The last one, which somebody else is to end, has. */
  ended(): Promise<unknown>;
}

async function makeWatch(t: TestContext): Promise<Watch> {
  const folder = await mkdtemp(join(tmpdir(), 'lastgood-deadman-'));
  const keyring = memoryKeyring(new Uint8Array(32).fill(7));
  const clock = runningClock();
  const open = await openRunFolders(realDisk, folder, keyring);
  const stored = new Map<BlobHash, Uint8Array>();
  const put = async (bytes: Uint8Array) => {
    const hash: unknown = sha256(bytes);
    assert.ok(isBlobHash(hash));
    stored.set(hash, bytes);
    return ok(hash);
  };
  const images: BlobHash[] = [];
  for (const path of ['bad', 'good']) {
    const image = await storeImage(stateImage([{ path, attributes: {} }]), put, 1_000);
    if (image.ok) images.push(image.value.image);
  }
  const [before, wanted] = images;
  assert.ok(before !== undefined && wanted !== undefined);
  const news: DeadManNews[] = [];
  const started: ProcessIdentity[] = [];
  const children: ReturnType<typeof spawn>[] = [];
  let program: readonly [string, ...string[]] = ['sleep', '600'];
  const launch = (run: string, when?: 'ahead'): ProcessIdentity => {
    const [word, ...rest] = program;
    const child = spawn(word, rest, { stdio: 'ignore' });
    children.push(child);
    const identity = identityOf(child.pid ?? 0);
    started.push(identity);
    // It says so itself in the product, once it has read everything.
    const at = open(runFolderName(run));
    const sayReady = (): Promise<void> => at.writeArmed({ ...identity, states: 1, cgroup: '' });
    if (word === 'sleep' && when === undefined) void sayReady();
    if (when === 'ahead') void takeOrder(at, identity, sayReady);
    return identity;
  };
  const parts = { disk: realDisk, folder, keyring, clock, log: silentLog };
  const launcher = { launch, survives: ['session'] as const };
  const deadMen = await openDeadMen(parts, launcher, (one) => void news.push(one));
  t.after(async () => {
    await deadMen.stop();
    for (const child of children) child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });
  const state = { id: 'shop/files', component: 'shop', provider: 'files', spec: {} };
  const guarded = { state, before, wanted, host: undefined };
  const order = { run: RUN, seconds: 600, token: 1, guarded };
  const getBlob = async (hash: BlobHash) => ok(stored.get(hash) ?? new Uint8Array());
  return {
    deadMen,
    order,
    news,
    started,
    spoil: () => void (program = ['false']),
    arm: () => deadMen.arm(order, { getBlob }, AbortSignal.timeout(60_000)),
    async kill() {
      const last = children.at(-1);
      const ended = last === undefined ? undefined : once(last, 'exit');
      last?.kill('SIGKILL');
      await ended;
    },
    async ended() {
      const last = children.at(-1);
      if (last?.exitCode === null && last.signalCode === null) await once(last, 'exit');
    },
  };
}

/** Says it is ready once there is something to watch over, unless it ends before. */
async function takeOrder(
  at: RunFolder,
  identity: ProcessIdentity,
  sayReady: () => Promise<void>,
): Promise<void> {
  while ((await at.readRun()) === undefined) {
    if (!isAlive(identity)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // Whoever was killed while it waited says nothing any more.
  if (isAlive(identity)) await sayReady();
}

async function untilToldOf(watch: Watch, count: number): Promise<void> {
  while (watch.news.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
}

test('one that ends before it is ready is noticed by its end, not by the deadline', async (t) => {
  const watch = await makeWatch(t);
  watch.spoil();
  const armed = await watch.arm();
  assert.match(armed.ok ? 'armed' : armed.error.detail, /run_1 ended before it was ready/);
});

test('one that is killed is replaced by another with the same file, and it is told', async (t) => {
  const watch = await makeWatch(t);
  assert.equal((await watch.arm()).ok, true);
  const [first] = await watch.deadMen.pending('shop/files');
  await watch.kill();
  await untilToldOf(watch, 1);
  assert.deepEqual(
    watch.news.map(({ run, now }) => ({ run, now })),
    [{ run: RUN, now: 'replaced' }],
  );
  const [second] = await watch.deadMen.pending('shop/files');
  assert.equal(second?.run, RUN);
  assert.ok((second?.seconds ?? 601) <= (first?.seconds ?? 0), 'nobody waits longer than before');
  assert.equal(watch.started.length, 2);
});

test('while there is none a state is changed back, and not forward', async (t) => {
  const watch = await makeWatch(t);
  assert.equal((await watch.arm()).ok, true);
  const { before, wanted, state } = watch.order.guarded;
  const allow = (desired: BlobHash): ReturnType<DeadMen['allow']> =>
    watch.deadMen.allow({ run: RUN, state: state.id, desired }, FOREVER);
  assert.equal((await allow(wanted)).ok, true);
  watch.spoil();
  await watch.kill();
  assert.equal((await allow(wanted)).ok, false);
  assert.equal((await allow(before)).ok, true);
  await untilToldOf(watch, 1);
  assert.deepEqual(
    watch.news.map(({ now }) => now),
    ['missing'],
  );
});

test('whoever was disarmed is not started again', async (t) => {
  const watch = await makeWatch(t);
  assert.equal((await watch.arm()).ok, true);
  assert.equal(await watch.deadMen.confirm(RUN), 'confirmed');
  assert.deepEqual(await watch.deadMen.pending('shop/files'), []);
  const { wanted: desired } = watch.order.guarded;
  await watch.deadMen.allow({ run: RUN, state: 'shop/files', desired }, FOREVER);
  assert.equal(watch.started.length, 1);
});

test('who was started ahead is the one that is armed; told twice, there is one', async (t) => {
  const watch = await makeWatch(t);
  await Promise.all([watch.deadMen.expect(RUN), watch.deadMen.expect(RUN)]);
  assert.equal(watch.started.length, 1);
  assert.deepEqual(await watch.deadMen.pending('shop/files'), []);
  assert.equal((await watch.arm()).ok, true);
  assert.equal(watch.started.length, 1);
  assert.equal((await watch.deadMen.pending('shop/files')).length, 1);
});

test('where the one started ahead has ended, another takes its order', async (t) => {
  const watch = await makeWatch(t);
  await watch.deadMen.expect(RUN);
  await watch.kill();
  assert.equal((await watch.arm()).ok, true);
  assert.equal(watch.started.length, 2);
});

test('a run that ends before it is armed leaves nobody who waits for it', async (t) => {
  const watch = await makeWatch(t);
  await watch.deadMen.expect(RUN);
  const [early] = watch.started;
  assert.ok(early !== undefined && isAlive(early));
  await watch.deadMen.forgo(RUN);
  await watch.ended();
  assert.equal(isAlive(early), false);
});

test('one that is armed is left alone by the word that none will be', async (t) => {
  const watch = await makeWatch(t);
  assert.equal((await watch.arm()).ok, true);
  await watch.deadMen.forgo(RUN);
  assert.equal((await watch.deadMen.pending('shop/files')).length, 1);
});
