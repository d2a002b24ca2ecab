import * as fs from 'node:fs';

/** Why the daemon may not read a file, with the grant; undefined when it may. */
export type MayRead = (path: string) => string | undefined;

/** Who the daemon reads as. */
export interface Reader {
  readonly name: string;
  readonly uid: number;
  readonly groups: ReadonlySet<number>;
  /** Names of all groups of this host, by their ids. */
  readonly groupNames: ReadonlyMap<number, string>;
}

const READ = 0o4;

/**
 * Tells whether logs could be read by the daemon. Started as root it reads them as the user
 * `lastgood`, else as `nobody`; started by anybody else as that user.
 */
export function logReader(): MayRead {
  const [passwd = '', group = ''] = ['/etc/passwd', '/etc/group'].map((file) => textOf(file));
  const uid = process.getuid?.() ?? 0;
  const reader = readerOf(passwd, group, uid === 0 ? undefined : uid);
  const own = { ...reader, groups: new Set(process.getgroups?.() ?? []) };
  return (pattern) => {
    const paths = pattern.includes('*') ? fs.globSync(pattern) : [pattern];
    const refusals = paths.map((path) => refusalFor(uid === 0 ? reader : own, path, statOf(path)));
    return paths.length > 0 && refusals.every((one) => one !== undefined) ? refusals[0] : undefined;
  };
}

/** A user by passwd(5) and group(5): the one named, else whom a daemon started as root becomes. */
export function readerOf(passwd: string, group: string, named?: number): Reader {
  const users = passwd.split('\n').map((line) => line.split(':'));
  const byName = (wanted: string): string[] | undefined => users.find(([name]) => name === wanted);
  const user =
    (named === undefined
      ? (byName('lastgood') ?? byName('nobody'))
      : users.find(([, , uid]) => uid === String(named))) ?? [];
  const [name = 'nobody', , uid = '65534', gid = '65534'] = user;
  const groups = group.split('\n').map((line) => line.split(':'));
  const member = groups.flatMap(([, , id = '', members = '']) =>
    members.split(',').includes(name) ? [Number(id)] : [],
  );
  return {
    name,
    uid: Number(uid),
    groups: new Set([Number(gid), ...member]),
    groupNames: new Map(groups.map(([own = '', , id = '']) => [Number(id), own])),
  };
}

/** Judged by owner and mode alone: ACLs grant more, and then the remark can be ignored. */
export function refusalFor(
  reader: Reader,
  path: string,
  stat: Pick<fs.Stats, 'uid' | 'gid' | 'mode'> | undefined,
): string | undefined {
  if (stat === undefined) return 'it cannot be looked at';
  const { uid, gid, mode } = stat;
  const mine = uid === reader.uid ? mode >> 6 : reader.groups.has(gid) ? mode >> 3 : mode;
  if ((mine & READ) !== 0) return undefined;
  const octal = (mode & 0o777).toString(8);
  return `its mode is ${octal}; grant it with: ${grantFor(reader, path, gid, mode)}`;
}

/** Membership where the file's group may read it, as systems grant logs; else an access rule. */
function grantFor({ name, groupNames }: Reader, path: string, gid: number, mode: number): string {
  const group = gid !== 0 && (mode & 0o040) !== 0 ? groupNames.get(gid) : undefined;
  const rule = `setfacl -m u:${name === 'nobody' ? 'lastgood' : name}:r ${path}`;
  if (name !== 'nobody') return group === undefined ? rule : `usermod -aG ${group} ${name}`;
  // Everybody's user is granted nothing: a daemon started as root becomes `lastgood` instead.
  if (group !== undefined) return `useradd --system --groups ${group} lastgood`;
  return `useradd --system lastgood && ${rule}`;
}

function statOf(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path);
  } catch {
    return undefined;
  }
}

function textOf(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
