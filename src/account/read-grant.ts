import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { parseGroup, type GroupEntry } from '../linux/accounts.ts';
import { systemCode } from '../base/error.ts';
import { ownUserName } from './own-user.ts';

/** The groups whose members read logs, as systemd and the distributions have them. */
export const LOG_READERS: readonly string[] = ['adm', 'systemd-journal'];

/** Makes the user a daemon that root starts becomes, where there is none. */
export const MAKE_USER = 'useradd --system lastgood';

/** Who is to read what. */
export interface Wanted {
  readonly user: string;
  readonly path: string;
  /** Whose the path is; absent where that cannot be seen. */
  readonly owner?: Pick<fs.Stats, 'gid' | 'mode'> | undefined;
  /** The groups of this host. */
  readonly groups: readonly GroupEntry[];
}

/**
 * The command that lets a user read a log: membership of the group that owns it, as systems grant
 * logs (`adm`, `systemd-journal`), else an access rule of its own. `nobody` is everybody's user and
 * is granted nothing: a daemon started as root becomes `lastgood` where there is such a user, which
 * is made once, however many grants it needs.
 */
export function grantToRead({ user, path, owner, groups }: Wanted): string {
  const names = groupsToJoin(owner, groups);
  const reader = user === 'nobody' ? 'lastgood' : user;
  const rule = accessRule(reader, dirname(path), 'read', true);
  const grant = names === undefined ? rule : `usermod -aG ${names} ${reader}`;
  return user === 'nobody' ? `${grant} (after ${MAKE_USER})` : grant;
}

/** As `grantToRead`, for the user of this process: groups count from its next start on. */
export function readGrant(path: string): string {
  const user = ownUserName();
  const groups = parseGroup(textOf('/etc/group'));
  const command = grantToRead({ user, path, owner: ownerOf(path), groups });
  return command.startsWith('setfacl') ? command : `${command}, then start lastgood again`;
}

/**
 * The command that gives a user access to a path and what is and will be below it, and entry to the
 * outermost folder on the way that this process may not enter.
 */
export function accessRule(
  user: string,
  path: string,
  access: 'read' | 'write',
  isFolder = isFolderAt(path),
): string {
  const closed = closedAbove(path);
  const entry = closed === undefined ? '' : `setfacl -m u:${user}:x ${closed} && `;
  const rights = access === 'read' ? 'rX' : 'rwX';
  if (!isFolder) return `${entry}setfacl -m u:${user}:${rights} ${path}`;
  return `${entry}setfacl -R -m u:${user}:${rights},d:u:${user}:${rights} ${path}`;
}

/** Who reads logs is in all groups of those who read logs: one grant instead of one a source. */
function groupsToJoin(owner: Wanted['owner'], groups: readonly GroupEntry[]): string | undefined {
  // Root's group is nobody's to join, and membership helps only where the group may read.
  if (owner === undefined || owner.gid === 0 || (owner.mode & 0o040) === 0) return undefined;
  const name = groups.find(({ gid }) => gid === owner.gid)?.name;
  if (name === undefined || !LOG_READERS.includes(name)) return name;
  return LOG_READERS.filter((reader) => groups.some((group) => group.name === reader)).join(',');
}

/** Of the path, or of the folder it lies in when that may not be entered. */
function ownerOf(path: string): fs.Stats | undefined {
  for (const seen of [path, dirname(path)]) {
    try {
      return fs.statSync(seen);
    } catch {
      // The folder above may say more.
    }
  }
  return undefined;
}

function closedAbove(path: string): string | undefined {
  const parent = dirname(path);
  if (parent === path) return undefined;
  const above = closedAbove(parent);
  if (above !== undefined) return above;
  try {
    fs.accessSync(parent, fs.constants.X_OK);
    return undefined;
  } catch (thrown) {
    return systemCode(thrown) === 'EACCES' ? parent : undefined;
  }
}

function isFolderAt(path: string): boolean {
  try {
    return fs.statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function textOf(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
