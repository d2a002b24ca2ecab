import * as fs from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';

/**
 * The command that lets the user of this process read a path: membership of the group that owns
 * it, as systems grant logs (`adm`, `systemd-journal`), else an access rule of its own.
 */
export async function readGrant(path: string): Promise<string> {
  const user = nameOfUser();
  const group = await groupOf(path);
  return group === undefined
    ? `setfacl -R -m u:${user}:rX,d:u:${user}:rX ${dirname(path)}`
    : `usermod -aG ${group} ${user}, then start lastgood again`;
}

/** The group that owns a path, or the folder it lies in when that may not be entered. */
async function groupOf(path: string): Promise<string | undefined> {
  try {
    const { gid, mode } = await fs.stat(path).catch(() => fs.stat(dirname(path)));
    // Root's group is nobody's to join, and membership helps only where the group may read.
    if (gid === 0 || (mode & 0o040) === 0) return undefined;
    const groups = await fs.readFile('/etc/group', 'utf8');
    return groups
      .split('\n')
      .find((line) => line.split(':')[2] === String(gid))
      ?.split(':')[0];
  } catch {
    return undefined;
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
