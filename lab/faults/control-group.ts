import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabFailure } from '../stage/lab-failure.ts';
import type { Undo } from '../stage/thing.ts';

/** A limit the kernel holds a process to: its name and value in both versions of control groups. */
export type GroupLimit = {
  readonly controller: 'memory' | 'cpu';
  readonly version1: readonly [file: string, value: string];
  readonly version2: readonly [file: string, value: string];
};

/** A control group for one process. */
export type LimitGroup = {
  readonly folder: string;
  /** Sends whoever is in it back to where the process was, and removes it. */
  readonly undo: Undo;
  readonly make: () => void;
};

/** Moves all processes of `$0` to `$1`; gone already is fine. */
const emptyAndRemove =
  '[ -d "$0" ] || exit 0; for p in $(cat "$0/cgroup.procs"); do' +
  ' echo "$p" > "$1/cgroup.procs"; done; rmdir "$0"';

/** Plans a control group of its own for `pid` under `name`; nothing is made yet. */
export function limitGroup(name: string, pid: number, limit: GroupLimit): LimitGroup {
  const { root, version } = findController(limit.controller);
  const home = join(root, homeOf(pid, version === 1 ? limit.controller : ''));
  // In version 2 only groups without processes of their own may have limited children.
  const group = join(version === 1 ? home : root, name);
  const [file, value] = version === 1 ? limit.version1 : limit.version2;
  return {
    folder: group,
    undo: { kind: 'command', command: ['sh', '-c', emptyAndRemove, group, home] },
    make: () => {
      if (version === 2)
        writeFileSync(join(root, 'cgroup.subtree_control'), `+${limit.controller}`);
      mkdirSync(group);
      writeFileSync(join(group, file), value);
      writeFileSync(join(group, 'cgroup.procs'), String(pid));
    },
  };
}

function findController(controller: string): {
  readonly root: string;
  readonly version: 1 | 2;
} {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n').map(readMount);
  const first = mounts.find(
    ({ type, options }) => type === 'cgroup' && options.includes(controller),
  );
  if (first !== undefined) return { root: first.point, version: 1 };
  const second = mounts.find(({ type }) => type === 'cgroup2');
  const offered = second && join(second.point, 'cgroup.controllers');
  if (offered !== undefined && existsSync(offered)) {
    if (readFileSync(offered, 'utf8').trim().split(' ').includes(controller)) {
      return { root: second?.point ?? '', version: 2 };
    }
  }
  throw new LabFailure(`no control group for ${controller} is mounted on this machine`);
}

function readMount(line: string): {
  readonly point: string;
  readonly type: string;
  readonly options: readonly string[];
} {
  const [before = '', after = ''] = line.split(' - ');
  const [type = '', , options = ''] = after.split(' ');
  return { point: before.split(' ')[4] ?? '', type, options: options.split(',') };
}

/** The group a process is in now: `4:memory:/path`, and `0::/path` in version 2. */
function homeOf(pid: number, controllers: string): string {
  for (const line of readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n')) {
    const [, names = '', ...path] = line.split(':');
    if (names.split(',').includes(controllers)) return path.join(':');
  }
  return '/';
}
