import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseControlGroups } from '../../linux/control-group.ts';
import { ownControlGroups } from '../../linux/live/own-groups.ts';
import { parseMountInfo, type MountInfo } from '../../linux/mount-info.ts';

/** Below the root of the hierarchy, beside whatever group the daemon was put into. */
const GROUP = 'lastgood-deadman';

/** Where a process goes to leave its group of one hierarchy. */
interface WayOut {
  /** The mount point of the hierarchy. */
  readonly point: string;
  /** A group below the point; absent: the point itself. */
  readonly group?: string;
}

/** Whether this process could leave every control group that somebody may end. */
export function mayLeaveGroups(mayWrite: (path: string) => boolean): boolean {
  return waysOut()?.every(({ point }) => mayWrite(point)) ?? false;
}

/**
 * Moves this process out of the groups it was started in, to where nobody ends it with the daemon:
 * a group of its own in version 2, and the root of each hierarchy of version 1, of which a host may
 * have several and version 2 besides. A new group there would lack what some controllers ask for.
 */
export function leaveGroups(): void {
  for (const { point, group } of waysOut() ?? []) {
    const place = group === undefined ? point : join(point, group);
    if (group !== undefined) mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'cgroup.procs'), String(process.pid));
  }
}

/** Undefined: it is in a group of a hierarchy that is mounted nowhere, so it cannot leave it. */
function waysOut(): readonly WayOut[] | undefined {
  const mounts = parseMountInfo(readFileSync('/proc/self/mountinfo', 'utf8'));
  const ways: WayOut[] = [];
  for (const { hierarchy, path } of parseControlGroups(ownControlGroups())) {
    const point = mounts.find((mount) => isOf(mount, hierarchy))?.point;
    if (hierarchy === '' && point !== undefined) ways.push({ point, group: GROUP });
    else if (path !== '/' && point === undefined) return undefined;
    else if (path !== '/' && point !== undefined) ways.push({ point });
  }
  return ways;
}

function isOf({ type, superOptions }: MountInfo, hierarchy: string): boolean {
  if (hierarchy === '') return type === 'cgroup2';
  return type === 'cgroup' && hierarchy.split(',').every((word) => superOptions.includes(word));
}
