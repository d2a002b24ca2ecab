import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
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
import { describe, test } from 'node:test';
import { whenReady } from '../place/daemon.ts';
import { processesOf } from '../place/place.ts';
import { EXECUTABLE } from '../place/program.ts';
import {
  BAD,
  begin,
  deadMen,
  GOOD,
  kill,
  untilNoDeadMan,
  untilValue,
  writesOf,
} from './dead-man/trial.ts';

describe('what ends a daemon with all that is its own', { concurrency: 2 }, () => {
  test(
    'its control group is killed, of whatever version: the host still goes back',
    { skip: whyNoGroups() },
    async (t) => {
      const groups = hierarchies().map((root) => join(root, `lgdm-test-${process.pid}`));
      for (const group of groups) mkdirSync(group);
      t.after(() => groups.forEach((group) => rmdirSync(group)));
      const trial = await begin(t, (place) => {
        for (const group of groups) {
          for (const pid of processesOf(place.root)) {
            writeFileSync(join(group, 'cgroup.procs'), `${pid}`);
          }
        }
      });
      await trial.reach('AWAITING_CONFIRM');
      assert.equal(await trial.place.read('value'), GOOD);
      const [own = 0] = deadMen(trial.place);
      for (const group of groups) {
        const members = membersOf(group);
        assert.ok(members.length > 0, `the daemon is in ${group}`);
        assert.ok(!members.includes(own), `the dead-man is not in ${group}`);
      }
      const [last = ''] = groups.slice(-1);
      for (let left = membersOf(last); left.length > 0; left = membersOf(last)) left.forEach(kill);
      assert.deepEqual(deadMen(trial.place), [own]);
      await untilValue(trial, BAD);
      await untilNoDeadMan(trial);
      assert.equal(await writesOf(trial), 2);
    },
  );

  test(
    'the host is restarted: nothing can be confirmed any more, and `up` goes back',
    { skip: process.getuid?.() !== 0 && 'only root may stand in for another boot' },
    async (t) => {
      const trial = await begin(t);
      await trial.reach('AWAITING_CONFIRM');
      const { place } = trial;
      // A restart spares nobody.
      for (const pid of processesOf(place.root)) kill(pid);
      assert.equal(await place.read('value'), GOOD);
      await place.write('boot', 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee\n');
      const mount = 'mount --bind "$0" /proc/sys/kernel/random/boot_id && exec "$@"';
      const words = [process.execPath, EXECUTABLE, 'up', '--data', place.data];
      await whenReady(
        spawn('unshare', ['--mount', 'sh', '-c', mount, place.path('boot'), ...words], {
          cwd: place.root,
          env: place.env,
          stdio: ['ignore', 'pipe', 'pipe'],
        }),
      );
      assert.notEqual(await trial.confirm(), 200);
      await trial.reach('REVERTED');
      assert.equal(await place.read('value'), BAD);
      assert.deepEqual(deadMen(place), [], 'nobody is started for a deadline that has passed');
      assert.equal(await writesOf(trial), 2);
    },
  );
});

/** Every hierarchy in which root may make groups that need no further setting. */
function hierarchies(): readonly string[] {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  return mounts.flatMap((line) => {
    const [, point = '', type, options = ''] = line.split(' ');
    // A new cpuset is empty, and nothing can be put into it.
    const isFit = type === 'cgroup2' || (type === 'cgroup' && !options.includes('cpuset'));
    return isFit ? [point] : [];
  });
}

function membersOf(group: string): readonly number[] {
  const text = readFileSync(join(group, 'cgroup.procs'), 'utf8').trim();
  return text.split('\n').filter(Boolean).map(Number);
}

function whyNoGroups(): string | false {
  if (process.getuid?.() !== 0) return 'only root may move processes between control groups';
  if (existsSync('/run/systemd/private')) return 'systemd owns the control groups here';
  const roots = hierarchies();
  if (roots.length === 0) return 'no control groups are mounted';
  try {
    roots.forEach((root) => accessSync(root, constants.W_OK));
    return false;
  } catch {
    return `${roots.join(', ')} may not be written`;
  }
}
