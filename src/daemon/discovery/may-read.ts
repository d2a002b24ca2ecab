import * as fs from 'node:fs';
import { ownUserName } from '../../account/own-user.ts';
import { grantToRead } from '../../account/read-grant.ts';
import { parseGroup, type GroupEntry } from '../../linux/accounts.ts';
import { userFor, type DaemonUser } from '../privilege/choose-user.ts';

/** Why the daemon may not read a file, with the grant; undefined when it may. */
export type MayRead = (path: string) => string | undefined;

const READ = 0o4;

/**
 * Tells whether logs could be read by a daemon that whoever we are starts: root's becomes another
 * user, anybody else's stays that user.
 */
export function logReader(dataRoot: string): MayRead {
  const reader = process.getuid?.() === 0 ? userFor(dataRoot) : ownUser();
  // Nobody to become: that daemon stays root.
  if (reader === undefined) return () => undefined;
  const groups = parseGroup(fs.readFileSync('/etc/group', 'utf8'));
  return (pattern) => {
    const paths = pattern.includes('*') ? fs.globSync(pattern) : [pattern];
    const refusals = paths.map((path) => refusalFor(reader, groups, path, statOf(path)));
    return paths.length > 0 && refusals.every((one) => one !== undefined) ? refusals[0] : undefined;
  };
}

function ownUser(): DaemonUser {
  const [uid = 0, gid = 0] = [process.getuid?.(), process.getgid?.()];
  return { name: ownUserName(), uid, gid, groups: [gid, ...(process.getgroups?.() ?? [])] };
}

/** Judged by owner and mode alone: ACLs grant more, and then the remark can be ignored. */
export function refusalFor(
  reader: DaemonUser,
  groups: readonly GroupEntry[],
  path: string,
  stat: Pick<fs.Stats, 'uid' | 'gid' | 'mode'> | undefined,
): string | undefined {
  if (stat === undefined) return 'it cannot be looked at';
  const { uid, gid, mode } = stat;
  const mine = uid === reader.uid ? mode >> 6 : reader.groups.includes(gid) ? mode >> 3 : mode;
  if ((mine & READ) !== 0) return undefined;
  const octal = (mode & 0o777).toString(8);
  const grant = grantToRead({ user: reader.name, path, owner: stat, groups });
  return `its mode is ${octal}; grant it: ${grant}`;
}

function statOf(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path);
  } catch {
    return undefined;
  }
}
