import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMountInfo } from '../../linux/mount-info.ts';

/** Below the root of the hierarchy, beside whatever group the daemon was put into. */
const GROUP = 'lastgood-deadman';

/** The root of the control groups of version 2, cgroups(7); undefined when none is mounted. */
export function findFreeGroup(): string | undefined {
  const mounts = parseMountInfo(readFileSync('/proc/self/mountinfo', 'utf8'));
  return mounts.find(({ type }) => type === 'cgroup2')?.point;
}

/** Moves this process into a group of its own kind, which nobody ends with the daemon. */
export function leaveGroup(root: string): void {
  const group = join(root, GROUP);
  mkdirSync(group, { recursive: true });
  writeFileSync(join(group, 'cgroup.procs'), String(process.pid));
}
