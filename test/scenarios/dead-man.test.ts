import assert from 'node:assert/strict';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { at, textAt } from '../place/document.ts';
import { makePlace, processesOf, type Place } from '../place/place.ts';
import { until } from '../place/until.ts';
import type { Daemon } from '../place/daemon.ts';

/** A value that is slow to be written, so that a run can be met while it applies. */
const slowShop = ({ path }: Place): string => {
  const value = path('value');
  const write = `cat > ${value}.new && mv ${value}.new ${value}`;
  const apply = `echo . >> ${path('writes')}; sleep 0.5; ${write}`;
  return `sources: []
components:
  - name: shop
    state:
      - provider: command
        capture: ${JSON.stringify(['cat', value])}
        apply: ${JSON.stringify(['sh', '-c', apply])}
checkpoints: { schedule: false, soak: 1s }
rollback: { confirmTimeout: 20s, gate: { samples: 1, interval: 300ms } }
`;
};

const GOOD = 'good\n';
const BAD = 'bad\n';

/** A rollback under way, with all that tells how it goes. */
interface Trial {
  readonly place: Place;
  daemon: Daemon;
  readonly run: string;
  readonly token: string;
  state(): Promise<unknown>;
  reach(state: string): Promise<void>;
  confirm(): Promise<number>;
}

const TERMINAL = ['COMMITTED', 'REVERTED', 'ABORTED', 'NEEDS_OPERATOR'];

async function begin(
  t: TestContext,
  onceUp: (place: Place) => void = () => undefined,
): Promise<Trial> {
  const place = await makePlace(t, { config: slowShop });
  await place.write('value', GOOD);
  const daemon = await place.up();
  onceUp(place);
  const taken = await place.run(['checkpoint', 'take', '--json']);
  assert.equal(taken.code, 0, taken.err);
  await place.write('value', BAD);
  const plan = await place.api('plans', {
    checkpoint: textAt(taken.json[0], 'id'),
    reason: 'test',
  });
  const started = await place.api(`plans/${textAt(plan.body, 'id')}/apply`, {
    planHash: textAt(plan.body, 'planHash'),
  });
  const run = textAt(started.body, 'run');
  const token = textAt(started.body, 'token');
  const state = async (): Promise<unknown> => at((await place.api(`runs/${run}`)).body, 'state');
  return {
    place,
    daemon,
    run,
    token,
    state,
    async reach(wanted) {
      const fits = (now: unknown): boolean => now === wanted || TERMINAL.includes(String(now));
      assert.equal(await until(`${wanted} of ${run}`, state, fits), wanted);
    },
    async confirm() {
      const { nonce = 'none' } = { ...Object((await place.api(`runs/${run}`)).body) };
      return (await place.api(`runs/${run}/confirm`, { token, nonce })).status;
    },
  };
}

/** The dead-men of a place. */
function deadMen({ root }: Place): readonly number[] {
  return processesOf(root).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes('deadman');
    } catch {
      return false;
    }
  });
}

async function untilValue({ place }: Trial, wanted: string): Promise<void> {
  await until(
    `the value ${wanted}`,
    () => place.read('value'),
    (text) => text === wanted,
  );
}

async function untilNoDeadMan({ place }: Trial): Promise<void> {
  await until(
    'the end of the dead-man',
    async () => deadMen(place).length,
    (left) => left === 0,
  );
}

/** How often the value was written: a third time would be somebody who was not to write. */
async function writesOf({ place }: Trial): Promise<number> {
  return (await place.read('writes')).split('\n').length - 1;
}

// Each waits most of a minute for a deadline, and has a host of its own to do so.
describe('the dead-man', { concurrency: 3 }, () => {
  for (const state of ['APPLYING', 'AWAITING_CONFIRM']) {
    test(`kill -9 in ${state}, no restart: the host itself goes back in time`, async (t) => {
      const trial = await begin(t);
      await trial.reach(state);
      await trial.daemon.kill();
      if (state === 'AWAITING_CONFIRM') assert.equal(await trial.place.read('value'), GOOD);
      assert.equal(deadMen(trial.place).length, 1);
      await untilNoDeadMan(trial);
      assert.equal(await trial.place.read('value'), BAD);
      // The next daemon finds everything as before and says so.
      trial.daemon = await trial.place.up();
      await trial.reach('REVERTED');
      assert.equal(await trial.place.read('value'), BAD);
    });
  }

  test('nothing of the daemon lives, no child either: the host still goes back', async (t) => {
    const trial = await begin(t);
    await trial.reach('AWAITING_CONFIRM');
    const [own = 0] = deadMen(trial.place);
    // All of it but the dead-man, each process by itself: a group of a terminal goes like this.
    for (const pid of processesOf(trial.place.root).filter((one) => one !== own)) kill(pid);
    await untilValue(trial, BAD);
    await untilNoDeadMan(trial);
    assert.equal(await writesOf(trial), 2);
  });

  const NO_GROUP = whyNoGroup();

  test(
    "the daemon's whole control group is killed: the host still goes back",
    { skip: NO_GROUP },
    async (t) => {
      const group = join(groupRoot() ?? '', `lgdm-test-${process.pid}`);
      mkdirSync(group);
      t.after(() => rmdirSync(group));
      const trial = await begin(t, (place) => {
        for (const pid of processesOf(place.root))
          writeFileSync(join(group, 'cgroup.procs'), `${pid}`);
      });
      await trial.reach('AWAITING_CONFIRM');
      assert.equal(await trial.place.read('value'), GOOD);
      const [own = 0] = deadMen(trial.place);
      const members = (): readonly number[] =>
        readFileSync(join(group, 'cgroup.procs'), 'utf8')
          .trim()
          .split('\n')
          .filter(Boolean)
          .map(Number);
      assert.ok(
        members().length > 0 && !members().includes(own),
        'the dead-man is not in the group',
      );
      for (let left = members(); left.length > 0; left = members()) left.forEach(kill);
      await untilValue(trial, BAD);
      await untilNoDeadMan(trial);
    },
  );

  test('a daemon stopped past the deadline wakes up, sees all is back and keeps off', async (t) => {
    const trial = await begin(t);
    await trial.reach('AWAITING_CONFIRM');
    const [own = 0] = deadMen(trial.place);
    const others = processesOf(trial.place.root).filter((one) => one !== own);
    for (const pid of others) process.kill(pid, 'SIGSTOP');
    await untilNoDeadMan(trial);
    assert.equal(await trial.place.read('value'), BAD);
    for (const pid of others) process.kill(pid, 'SIGCONT');
    await trial.reach('REVERTED');
    assert.equal(await trial.place.read('value'), BAD);
    assert.equal(await writesOf(trial), 2);
  });

  test('a dead-man stopped past the deadline goes back as soon as it wakes up', async (t) => {
    const trial = await begin(t);
    await trial.reach('AWAITING_CONFIRM');
    const [own = 0] = deadMen(trial.place);
    process.kill(own, 'SIGSTOP');
    await trial.daemon.kill();
    const due = performance.now() + 41_000;
    await until(
      'the deadline',
      async () => performance.now(),
      (now) => now > due,
    );
    assert.equal(await trial.place.read('value'), GOOD);
    process.kill(own, 'SIGCONT');
    await untilValue(trial, BAD);
    await untilNoDeadMan(trial);
  });

  test('a dead-man that slept through its being disarmed never writes again', async (t) => {
    const trial = await begin(t);
    await trial.reach('AWAITING_CONFIRM');
    const [own = 0] = deadMen(trial.place);
    process.kill(own, 'SIGSTOP');
    assert.equal(await trial.confirm(), 200);
    await trial.reach('COMMITTED');
    assert.equal(await trial.place.read('value'), GOOD);
    assert.deepEqual(deadMen(trial.place), []);
    assert.equal(await writesOf(trial), 1);
  });

  test('a daemon restarted in time takes over, and no timer is left in the end', async (t) => {
    const trial = await begin(t);
    await trial.reach('AWAITING_CONFIRM');
    await trial.daemon.kill();
    trial.daemon = await trial.place.up();
    await trial.reach('AWAITING_CONFIRM');
    assert.equal(deadMen(trial.place).length, 1);
    await until('a confirm that is taken', trial.confirm, (status) => status === 200);
    await trial.reach('COMMITTED');
    assert.deepEqual(deadMen(trial.place), []);
    assert.equal(await trial.place.read('value'), GOOD);
  });

  test('confirmed at the very deadline it is the target with COMMITTED or as before', async (t) => {
    const trial = await begin(t);
    await trial.reach('AWAITING_CONFIRM');
    const deadline = Date.parse(
      textAt((await trial.place.api(`runs/${trial.run}`)).body, 'deadline'),
    );
    await until(
      'the deadline',
      async () => Date.now(),
      (now) => now >= deadline - 50,
    );
    await trial.confirm();
    const end = await until('an end', trial.state, (now) => TERMINAL.includes(String(now)));
    const wanted = end === 'COMMITTED' ? GOOD : BAD;
    assert.ok(end === 'COMMITTED' || end === 'REVERTED', String(end));
    assert.equal(await trial.place.read('value'), wanted);
    assert.deepEqual(deadMen(trial.place), []);
  });

  /** The control groups of version 2, which root may make new ones in. */
  function groupRoot(): string | undefined {
    const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
    return mounts.find((line) => line.split(' ')[2] === 'cgroup2')?.split(' ')[1];
  }

  function whyNoGroup(): string | false {
    const root = groupRoot();
    if (process.getuid?.() !== 0) return 'only root may move processes between control groups';
    if (existsSync('/run/systemd/private')) return 'systemd owns the control groups here';
    if (root === undefined) return 'no control groups of version 2 are mounted';
    try {
      accessSync(root, constants.W_OK);
      return false;
    } catch {
      return `${root} may not be written`;
    }
  }

  function kill(pid: number): void {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended with another one of them.
    }
  }
});
