import * as fs from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';

/** The groups whose members read logs, as systemd and the distributions have them. */
export const LOG_READERS: readonly string[] = ['adm', 'systemd-journal'];

/**
 * The command that lets the user of this process read a path: membership of the group that owns
 * it, as systems grant logs (`adm`, `systemd-journal`), else an access rule of its own. `nobody`
 * is everybody's user and is granted nothing: a daemon started as root becomes `lastgood` where
 * there is such a user.
 */
export function readGrant(path: string): string {
  const user = nameOfUser();
  const group = groupsFor(path);
  const again = 'then start lastgood again';
  if (user === 'nobody') {
    if (group !== undefined) return `useradd --system --groups ${group} lastgood, ${again}`;
    return `useradd --system lastgood && ${accessRule('lastgood', path)}, ${again}`;
  }
  if (group !== undefined) return `usermod -aG ${group} ${user}, ${again}`;
  return accessRule(user, path);
}

/** Who reads logs is in all groups of those who read logs: one grant instead of one a source. */
function groupsFor(path: string): string | undefined {
  const group = groupOf(path);
  if (group === undefined || !LOG_READERS.includes(group)) return group;
  const known = groupLines().map((line) => line.split(':')[0]);
  return LOG_READERS.filter((name) => known.includes(name)).join(',');
}

function accessRule(user: string, path: string): string {
  return `setfacl -R -m u:${user}:rX,d:u:${user}:rX ${dirname(path)}`;
}

/** The group that owns a path, or the folder it lies in when that may not be entered. */
function groupOf(path: string): string | undefined {
  try {
    const { gid, mode } = fs.statSync(whatIsSeen(path));
    // Root's group is nobody's to join, and membership helps only where the group may read.
    if (gid === 0 || (mode & 0o040) === 0) return undefined;
    return groupLines()
      .find((line) => line.split(':')[2] === String(gid))
      ?.split(':')[0];
  } catch {
    return undefined;
  }
}

function groupLines(): readonly string[] {
  try {
    return fs.readFileSync('/etc/group', 'utf8').split('\n');
  } catch {
    return [];
  }
}

function whatIsSeen(path: string): string {
  try {
    fs.statSync(path);
    return path;
  } catch {
    return dirname(path);
  }
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without a name, as containers have them.
    return String(process.getuid?.() ?? 'USER');
  }
}
