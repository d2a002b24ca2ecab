import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { ownUserName } from '../../account/own-user.ts';
import { grantToRead } from '../../account/read-grant.ts';
import { parseGroup, type GroupEntry } from '../../linux/accounts.ts';
import { actingAs, closedFolder, whyNot } from '../privilege/acting-as.ts';
import { userFor, type DaemonUser } from '../privilege/choose-user.ts';

/** Why the daemon may not read a file, with the grant; undefined when it may. */
export type MayRead = (path: string) => string | undefined;

/**
 * Tells whether logs could be read by a daemon that whoever we are starts: root's becomes another
 * user, anybody else's stays that user.
 */
export function logReader(dataRoot: string): MayRead {
  const isRoot = process.getuid?.() === 0;
  const reader = isRoot ? userFor(dataRoot) : ownUser();
  // Nobody to become: that daemon stays root.
  if (reader === undefined) return () => undefined;
  return readerLike(reader, parseGroup(fs.readFileSync('/etc/group', 'utf8')));
}

/** The same for this user: ours, or any for root. Asked by trying, so that access rules count. */
export function readerLike(reader: DaemonUser, groups: readonly GroupEntry[]): MayRead {
  const refusalFor = (path: string): string | undefined => {
    const closed =
      process.getuid?.() === 0 ? actingAs(reader, () => closedAt(path)) : closedAt(path);
    if (closed === undefined) return undefined;
    const owner = fs.statSync(closed, { throwIfNoEntry: false });
    if (owner === undefined) return 'it cannot be looked at';
    const what = closed === path ? 'its mode' : `the mode of ${closed}`;
    const grant = grantToRead({ user: reader.name, path, owner, groups });
    return `${what} is ${(owner.mode & 0o777).toString(8)}; grant it: ${grant}`;
  };
  return (pattern) => {
    const paths = pattern.includes('*') ? fs.globSync(pattern) : [pattern];
    const refusals = paths.map(refusalFor);
    return paths.length > 0 && refusals.every((one) => one !== undefined) ? refusals[0] : undefined;
  };
}

function ownUser(): DaemonUser {
  const [uid = 0, gid = 0] = [process.getuid?.(), process.getgid?.()];
  return { name: ownUserName(), uid, gid, groups: [gid, ...(process.getgroups?.() ?? [])] };
}

/** What is in the way of reading a file: a folder that may not be entered, else itself. */
function closedAt(path: string): string | undefined {
  const folder = closedFolder(dirname(path));
  if (folder !== undefined) return folder;
  return whyNot(() => fs.closeSync(fs.openSync(path, READ))) === undefined ? undefined : path;
}

/** A pipe that nobody writes to would keep us waiting for ever. */
const READ = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK;
