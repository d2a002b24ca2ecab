import { readFileSync, statSync } from 'node:fs';
import { LOG_READERS } from '../../account/read-grant.ts';
import { parseGroup, parsePasswd, type GroupEntry } from '../../linux/accounts.ts';

/** Whom the core and the evidence process run as when they were started as root. */
export interface DaemonUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** All its groups, such as `adm`, which reads logs. */
  readonly groups: readonly number[];
}

/** The user of a packaged installation. */
const OWN_USER = 'lastgood';

/** The system's lists of users and groups: the texts of /etc/passwd and /etc/group. */
export interface Accounts {
  readonly passwd: string;
  readonly group: string;
}

/** The accounts of this host. Throws Node's errors. */
export function readAccounts(): Accounts {
  return {
    passwd: readFileSync('/etc/passwd', 'utf8'),
    group: readFileSync('/etc/group', 'utf8'),
  };
}

/**
 * Whom a daemon becomes that root starts on this host with a data directory, there already or yet
 * to be made; undefined when there is nobody to become, and the daemon stays root.
 */
export function userFor(dataRoot: string): DaemonUser | undefined {
  // What root makes is root's.
  const owner = statSync(dataRoot, { throwIfNoEntry: false }) ?? { uid: 0, gid: 0 };
  return chooseUser(readAccounts(), owner);
}

/**
 * Chooses the user: `lastgood`, else the owner of the data directory, else `nobody`. Undefined
 * when the system knows none of them.
 */
export function chooseUser(
  { passwd, group }: Accounts,
  owner: { readonly uid: number; readonly gid: number },
): DaemonUser | undefined {
  const groups = parseGroup(group);
  const users = parsePasswd(passwd).map(({ name, uid, gid }): DaemonUser => {
    const member = groups.filter(({ members }) => members.includes(name));
    return { name, uid, gid, groups: [gid, ...idsOf(member)] };
  });
  const known = (name: string) => users.find((user) => user.name === name && user.uid !== 0);
  const own = known(OWN_USER);
  if (own !== undefined) return own;
  const shared = known('nobody');
  // The second start finds the data with whom the first one became.
  if (owner.uid === 0 || owner.uid === shared?.uid) return asLogReader(shared, groups);
  // An owner without a name, as containers have them, has no groups either.
  const { uid, gid } = owner;
  return users.find((user) => user.uid === uid) ?? { name: `${uid}`, uid, gid, groups: [gid] };
}

/**
 * Nobody has set a user up for us, so nobody has given it groups either. Root has just started us
 * to watch this host: we keep of its rights, beside the host process, the one to read logs.
 */
function asLogReader(
  user: DaemonUser | undefined,
  groups: readonly GroupEntry[],
): DaemonUser | undefined {
  if (user === undefined) return undefined;
  const readers = idsOf(groups.filter(({ name }) => LOG_READERS.includes(name)));
  return { ...user, groups: [...new Set([...user.groups, ...readers])] };
}

/** Never root's: its members may do what a daemon need not. */
function idsOf(groups: readonly GroupEntry[]): readonly number[] {
  return groups.map(({ gid }) => gid).filter((gid) => gid !== 0);
}
