import * as fs from 'node:fs';

/** Why the daemon may not read a file, with the grant; undefined when it may. */
export type MayRead = (path: string) => string | undefined;

/** Who the daemon reads as. */
export interface Reader {
  readonly name: string;
  readonly uid: number;
  readonly groups: ReadonlySet<number>;
}

const READ = 0o4;

/**
 * Tells whether logs could be read by the daemon. Started as root it reads them as the user
 * `lastgood`, else as `nobody`; started by anybody else as that user.
 */
export function logReader(): MayRead {
  const uid = process.getuid?.() ?? 0;
  if (uid !== 0) {
    const groups = new Set(process.getgroups?.() ?? []);
    return (path) => refusalFor({ name: 'lastgood', uid, groups }, path, statOf(path));
  }
  const [passwd, group] = ['/etc/passwd', '/etc/group'].map((file) => textOf(file));
  const reader = readerOf(passwd ?? '', group ?? '');
  return (path) => refusalFor(reader, path, statOf(path));
}

/** The user that a daemon started as root becomes, by passwd(5) and group(5). */
export function readerOf(passwd: string, group: string): Reader {
  const users = passwd.split('\n').map((line) => line.split(':'));
  const user =
    users.find(([name]) => name === 'lastgood') ?? users.find(([name]) => name === 'nobody') ?? [];
  const [name = 'nobody', , uid = '65534', gid = '65534'] = user;
  const member = group.split('\n').flatMap((line) => {
    const [, , id = '', members = ''] = line.split(':');
    return members.split(',').includes(name) ? [Number(id)] : [];
  });
  return { name, uid: Number(uid), groups: new Set([Number(gid), ...member]) };
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
  const who = reader.name === 'nobody' ? 'lastgood' : reader.name;
  const first = reader.name === 'nobody' ? 'useradd --system lastgood && ' : '';
  const octal = (mode & 0o777).toString(8);
  return `its mode is ${octal}; grant it with: ${first}setfacl -m u:${who}:r ${path}`;
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
