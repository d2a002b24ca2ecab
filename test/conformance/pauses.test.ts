import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createKeyFile } from '../../src/adapters/keyrings/file/file-keyring.ts';
import { realDisk } from '../../src/base/disk.ts';
import { silentLog } from '../../src/base/log.ts';
import { unwrap } from '../../src/base/result.ts';
import { deadManLauncher } from '../../src/daemon/deadman/launch-deadman.ts';
import { hostClock } from '../../src/daemon/host-clock.ts';
import type { Pause, PauseWay } from '../../src/model/component/pause.ts';
import type { DeadManNews } from '../../src/runner/deadman/dead-man-news.ts';
import { openPauses, type Pauses } from '../../src/runner/pause/pauses.ts';
import { openRunFolders, pauseWatch, runFolderName } from '../../src/runner/deadman/run-folder.ts';
import { instantOf } from '../../src/ports/clock.ts';
import { isGone } from '../../src/runner/process-table.ts';
import { runCommand } from '../../src/runner/run-command.ts';
import { processesOf } from '../place/place.ts';
import { until } from '../place/until.ts';

/** A writer that is a process, and the pauses of a host runner with real dead-men. */
interface Trial {
  readonly root: string;
  readonly pauses: Pauses;
  readonly pid: number;
  readonly byCommands: PauseWay & { readonly kind: 'commands' };
  readonly news: readonly DeadManNews[];
  isStill(): boolean;
  /** Kills whoever watches over the pauses, and waits for his end. Answers who it was. */
  killWatch(): Promise<readonly number[]>;
  /** Stops whoever watches over the pauses, who lives on. Answers who it is. */
  stopWatch(): readonly number[];
  /** Has the limit of those who are paused for a run come. */
  expire(run: string): Promise<void>;
  /** From now on no dead-man can be started. */
  spoil(): void;
  /** The pauses of the next runner of this folder. */
  again(): Pauses;
  /** Has the dead-man of a run find its deadline passed, and waits until it is done. */
  fire(run: string): Promise<void>;
}

/** Nobody waits for these: the tests end what they pause. */
const LONG_S = 600;
const { signal } = new AbortController();

async function begin(t: TestContext): Promise<Trial> {
  const root = await mkdtemp(join(tmpdir(), 'lastgood-pauses-'));
  const keyFile = join(root, 'key');
  const keyring = unwrap(await createKeyFile(keyFile));
  const folder = join(root, 'host');
  await realDisk.makeFolder(folder);
  const clock = hostClock();
  const env = { PATH: process.env['PATH'] ?? '' };
  const open = await openRunFolders(realDisk, folder, keyring);
  const real = deadManLauncher({ folder, path: folder, keyFile }, silentLog);
  let launch = real.launch;
  const launcher = { ...real, launch: (run: string) => launch(run) };
  const news: DeadManNews[] = [];
  const opened: Pauses[] = [];
  const again = (): Pauses => {
    const pauses = openPauses({
      disk: realDisk,
      folder,
      open,
      clock,
      launcher,
      run: (words, options) => runCommand(words, options, { env, signal }),
      log: silentLog,
      tell: (one) => void news.push(one),
    });
    opened.push(pauses);
    return pauses;
  };
  const pauses = again();
  const pid = spawn('sleep', ['600'], { stdio: 'ignore', env: { PLACE: root } }).pid ?? 0;
  const watching = (): readonly number[] => processesOf(root).filter((one) => one !== pid);
  t.after(async () => {
    // First, so that nobody is replaced.
    for (const one of opened) await one.stop();
    for (const one of processesOf(root)) process.kill(one, 'SIGKILL');
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });
  const killWatch = async (): Promise<readonly number[]> => {
    const killed = watching();
    assert.ok(killed.length > 0, 'nobody watches over it');
    for (const one of killed) process.kill(one, 'SIGKILL');
    const left = async (): Promise<readonly number[]> => watching();
    await until('his end', left, (now) => !now.some((one) => killed.includes(one)));
    return killed;
  };
  const stopWatch = (): readonly number[] => {
    const stopped = watching();
    assert.ok(stopped.length > 0, 'nobody watches over it');
    for (const one of stopped) process.kill(one, 'SIGSTOP');
    return stopped;
  };
  const byCommands: Trial['byCommands'] = {
    kind: 'commands',
    pause: ['kill', '-STOP', `${pid}`],
    resume: ['kill', '-CONT', `${pid}`],
    paused: ['grep', '-q', '^State:.T', `/proc/${pid}/status`],
  };
  const isStill = (): boolean => /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  const fire = async (run: string): Promise<void> => {
    const at = open(runFolderName(run));
    const deadline = { set: instantOf(clock), afterMs: 0 };
    await at.writeRun({ run, deadline, token: 1, states: [] });
    launcher.launch(run);
    await until('its report', () => at.readReport());
  };
  const expire = async (run: string): Promise<void> => {
    const at = open(runFolderName(pauseWatch(run)));
    const file = await at.readRun();
    assert.ok(file !== undefined);
    await at.writeRun({ ...file, deadline: { set: instantOf(clock), afterMs: 0 } });
  };
  const spoil = (): void => void (launch = () => undefined);
  return {
    root,
    pauses,
    pid,
    byCommands,
    news,
    isStill,
    killWatch,
    stopWatch,
    expire,
    spoil,
    again,
    fire,
  };
}

function named(way: PauseWay): Pause {
  return { name: 'sync', way, timeoutMs: 10_000, onError: 'fail' };
}

const order = (way: PauseWay, seconds = LONG_S) => ({
  run: 'run_1',
  component: 'shop',
  pause: named(way),
  seconds,
});

test('whoever is paused goes on when he is let, and nobody watches then', async (t) => {
  const { root, pauses, byCommands, isStill } = await begin(t);
  unwrap(await pauses.pause(order(byCommands), signal));
  assert.ok(isStill());
  assert.deepEqual(
    (await pauses.list()).map(({ run, name }) => `${run} ${name}`),
    ['run_1 sync'],
  );
  assert.equal(unwrap(await pauses.resume('run_1', 'shop', 'sync', signal)), 'resumed');
  assert.ok(!isStill());
  assert.deepEqual(await pauses.list(), []);
  assert.equal(unwrap(await pauses.resume('run_1', 'shop', 'sync', signal)), 'resumed');
  await until(
    'the end of the dead-man',
    async () => processesOf(root).length,
    (left) => left === 1,
  );
});

test('whoever is paused goes on at his limit when nobody is left to let him', async (t) => {
  const { root, pauses, byCommands, isStill } = await begin(t);
  unwrap(await pauses.pause(order(byCommands, 3), signal));
  assert.ok(processesOf(root).length > 1, 'nobody watches over it');
  await until(
    'that he goes on',
    async () => isStill(),
    (still) => !still,
  );
  assert.equal(unwrap(await pauses.resume('run_1', 'shop', 'sync', signal)), 'expired');
});

test('a dead-man that fires lets go on whoever is paused for its run', async (t) => {
  const { pauses, byCommands, isStill, fire } = await begin(t);
  unwrap(await pauses.pause(order(byCommands), signal));
  assert.ok(isStill());
  await fire('run_1');
  assert.ok(!isStill());
  assert.deepEqual(await pauses.list(), []);
});

test('after a restart a dead-man that was killed is replaced, and keeps the limit', async (t) => {
  const { pauses, byCommands, isStill, killWatch, again } = await begin(t);
  unwrap(await pauses.pause(order(byCommands, 5), signal));
  await pauses.stop();
  await killWatch();
  await again().takeUp();
  await until(
    'that he goes on',
    async () => isStill(),
    (still) => !still,
  );
});

test('a dead-man that is stopped and lives on is replaced, and nobody waits longer', async (t) => {
  const trial = await begin(t);
  const { root, pid, pauses, byCommands, news, isStill, stopWatch, expire } = trial;
  unwrap(await pauses.pause(order(byCommands), signal));
  const stopped = stopWatch();
  const told = await until('that it is told', async () => news[0]);
  assert.deepEqual([told.run, told.over, told.now], ['run_1', 'writers', 'replaced']);
  const watching = processesOf(root).filter((one) => one !== pid);
  assert.equal(watching.length, 1, 'never two');
  assert.ok(!stopped.some((one) => watching.includes(one)));
  assert.ok(isStill());
  await expire('run_1');
  await until(
    'that he goes on',
    async () => isStill(),
    (still) => !still,
  );
});

test('a dead-man killed during a pause is replaced, and keeps the limit alone', async (t) => {
  const trial = await begin(t);
  const { root, pid, pauses, byCommands, news, isStill, killWatch, expire } = trial;
  unwrap(await pauses.pause(order(byCommands), signal));
  const [before] = await pauses.list();
  await killWatch();
  const told = await until('that it is told', async () => news[0]);
  assert.deepEqual([told.run, told.over, told.now], ['run_1', 'writers', 'replaced']);
  assert.ok(isStill());
  assert.equal(processesOf(root).filter((one) => one !== pid).length, 1);
  const [after] = await pauses.list();
  assert.ok((after?.seconds ?? LONG_S) <= (before?.seconds ?? 0), 'it has the same limit');
  // The runner that replaced it is gone, too.
  await pauses.stop();
  await expire('run_1');
  await until(
    'that he goes on',
    async () => isStill(),
    (still) => !still,
  );
});

test('who has no dead-man any more is let go on at his limit, tried until he can', async (t) => {
  const { root, pauses, byCommands, pid, news, isStill, killWatch, spoil } = await begin(t);
  const words = `test -e ${root}/mended && kill -CONT ${pid}`;
  const resume = ['sh', '-c', words];
  unwrap(await pauses.pause(order({ ...byCommands, resume }, 3), signal));
  spoil();
  await killWatch();
  const told = await until('that it is told', async () => news[0]);
  assert.equal(told.now, 'missing');
  await until(
    'that it was tried',
    async () => (await pauses.list())[0]?.problem,
    (problem) => problem !== undefined,
  );
  assert.ok(isStill());
  await writeFile(join(root, 'mended'), '');
  await until(
    'that he goes on',
    async () => isStill(),
    (still) => !still,
  );
  assert.equal(unwrap(await pauses.resume('run_1', 'shop', 'sync', signal)), 'expired');
});

test('whoever stood still before is left so', async (t) => {
  const { pid, pauses, byCommands, isStill } = await begin(t);
  process.kill(pid, 'SIGSTOP');
  await until('that he stands still', async () => isStill() || undefined);
  unwrap(await pauses.pause(order(byCommands), signal));
  assert.equal(unwrap(await pauses.resume('run_1', 'shop', 'sync', signal)), 'resumed');
  assert.ok(isStill());
});

test('a lock is held until it is let go, and one that is not free in time is told', async (t) => {
  const { root, pauses } = await begin(t);
  const path = join(root, 'lock');
  const isFree = (): boolean => spawnSync('flock', ['--nonblock', path, 'true']).status === 0;
  unwrap(await pauses.pause(order({ kind: 'lock', path }), signal));
  assert.ok(!isFree());
  assert.equal(unwrap(await pauses.resume('run_1', 'shop', 'sync', signal)), 'resumed');
  await until('the lock', async () => isFree() || undefined);
});

test('what lets go of a lock by hand leaves those alone who wait for it', async (t) => {
  const { root, pauses } = await begin(t);
  const path = join(root, 'lock');
  unwrap(await pauses.pause(order({ kind: 'lock', path }), signal));
  const job = spawn('flock', [path, 'true'], { env: { ...process.env, PLACE: root } });
  const ended = once(job, 'exit');
  const isWaiting = new RegExp(`-> FLOCK .* ${job.pid} `);
  const locks = async (): Promise<string> => readFileSync('/proc/locks', 'utf8');
  await until('who waits', locks, (text) => isWaiting.test(text));
  const [held] = await pauses.list();
  assert.match(held?.byHand ?? '', /^kill \d+$/);
  assert.equal(spawnSync('sh', ['-c', held?.byHand ?? 'false']).status, 0);
  assert.deepEqual(await ended, [0, null]);
  const none = (left: readonly unknown[]): boolean => left.length === 0;
  await until('that nobody is paused', () => pauses.list(), none);
});

test('whoever cannot be let go on is told of, with the reason, until he is', async (t) => {
  const { pid, pauses, byCommands, isStill } = await begin(t);
  const broken: PauseWay = {
    ...byCommands,
    kind: 'commands',
    resume: ['false'],
    pause: ['kill', '-STOP', `${pid}`],
  };
  unwrap(await pauses.pause(order(broken), signal));
  const refused = await pauses.resume('run_1', 'shop', 'sync', signal);
  assert.ok(!refused.ok && refused.error.code === 'LG_PROVIDER_PAUSE');
  const [told] = await pauses.list();
  assert.equal(told?.problem, '`false` exited 1');
  assert.equal(told?.byHand, 'false');
  assert.ok(isStill());
});

test('a secret in the commands of a pause, or in what they say, never shows', async (t) => {
  const { pauses } = await begin(t);
  const betray = ['sh', '-c', 'echo token=hunter2hunter2 >&2; exit 1', '--password', 'hunter2'];
  const cannot = { kind: 'commands', pause: betray, resume: ['true'] } as const;
  const refused = await pauses.pause({ ...order(cannot), run: 'run_2' }, signal);
  assert.ok(!refused.ok);
  assert.match(refused.error.detail, /--password <hidden>.* exited 1: token=<hidden>/);
  unwrap(await pauses.pause(order({ ...cannot, pause: ['true'], resume: betray }), signal));
  const left = await pauses.resume('run_1', 'shop', 'sync', signal);
  assert.ok(!left.ok);
  const shown = JSON.stringify([refused.error, left.error, await pauses.list()]);
  assert.ok(shown.includes('--password <hidden>'), shown);
  assert.equal(shown.includes('hunter2'), false, shown);
});

test('a hook that hangs, floods or says no text is ended, and told of shortly', async (t) => {
  const { root, pauses } = await begin(t);
  const bad: Readonly<Record<string, string>> = {
    hangs: `echo $$ > ${root}/hangs; sleep 600`,
    floods: `echo $$ > ${root}/floods; yes flood >&2`,
    binary: `echo $$ > ${root}/binary; head -c 100000 /dev/urandom >&2; exit 3`,
  };
  for (const [name, script] of Object.entries(bad)) {
    const way: PauseWay = { kind: 'commands', pause: ['sh', '-c', script], resume: ['true'] };
    const pause = { ...named(way), name, timeoutMs: 3_000 };
    const refused = await pauses.pause({ ...order(way), pause }, signal);
    assert.ok(!refused.ok, name);
    assert.match(refused.error.detail, new RegExp(`^${name}: `));
    assert.ok(refused.error.detail.length < 1_000, `${name}: ${refused.error.detail}`);
    const pid = Number(await readFile(join(root, name), 'utf8'));
    await until('its end', async () => isGone(pid) || undefined);
  }
  for (const name of Object.keys(bad)) unwrap(await pauses.resume('run_1', 'shop', name, signal));
  assert.deepEqual(await pauses.list(), []);
});
