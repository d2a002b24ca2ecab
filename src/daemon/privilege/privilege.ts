import * as fs from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { MAKE_USER } from '../../account/read-grant.ts';
import type { Problem } from '../../api/contract.ts';
import { systemCode } from '../../base/error.ts';
import { actingAs, closedFolder, whyNot } from './acting-as.ts';
import type { DaemonUser } from './choose-user.ts';

/** What a user without privileges must reach for the daemon to work at all. */
export interface DaemonNeeds {
  readonly dataRoot: string;
  /** Files that are read at work; the ones that are not there yet must be makeable. */
  readonly files: readonly string[];
  /** Ports to listen on. */
  readonly ports: readonly number[];
}

/** What would keep the daemon from working as this user, and its mend; asked by really trying. */
export function obstacleFor(user: DaemonUser, needs: DaemonNeeds): Problem | undefined {
  const open = openPortMin();
  const port = needs.ports.find((wanted) => wanted > 0 && wanted < open);
  if (port !== undefined) {
    const setting = `net.ipv4.ip_unprivileged_port_start=${port}`;
    const mend = `listen on a port from ${open} on, or run sysctl ${setting}`;
    return staysRoot(`${user.name} may not listen on port ${port}`, mend);
  }
  return actingAs(user, () => {
    const parent = closedFolder(dirname(resolve(needs.dataRoot)));
    if (parent !== undefined)
      return staysRoot(`${user.name} cannot enter ${parent}`, entryTo(parent));
    for (const file of needs.files) {
      const folder = closedFolder(dirname(resolve(file)));
      if (folder !== undefined)
        return staysRoot(`${user.name} cannot enter ${folder}`, entryTo(folder));
      const refusal = whyNot(() => readOrMake(file));
      if (refusal === undefined) continue;
      const what = `${user.name} cannot use ${file} (${refusal})`;
      return staysRoot(what, `give it to ${user.name}`);
    }
    return undefined;
  });
}

/** Whether the user can really write a folder that was given to it: some file systems refuse. */
export function writeObstacle(user: DaemonUser, folder: string): Problem | undefined {
  const refusal = actingAs(user, () => whyNot(() => makeWithin(folder)));
  if (refusal === undefined) return undefined;
  const mend = 'choose a data directory on a local file system';
  return staysRoot(`${user.name} cannot write ${folder} (${refusal})`, mend);
}

/** Whether the user could change the file that says what the host process does as root. */
export function configRemark(user: DaemonUser, file: string): readonly Problem[] {
  const refusal = actingAs(user, () => whyNot(() => fs.closeSync(fs.openSync(file, 'r+'))));
  if (refusal !== undefined) return [];
  const what = `${file} can be changed by ${user.name}, as whom the daemon runs`;
  const mend = `run chown root ${file} and chmod go-w ${file}: it says what is done as root`;
  return [{ what, mend }];
}

/** What programs without a user of their own share is no place for a key. */
export function sharedUserRemark({ name }: DaemonUser, keyFile: string): readonly Problem[] {
  if (name !== 'nobody') return [];
  const what = `the daemon runs as nobody, so other programs of nobody can read its key ${keyFile}`;
  return [{ what, mend: `run ${MAKE_USER}, then restart the daemon` }];
}

/**
 * Becomes the user for good: no way back, and the process that goes on has neither root's rights
 * nor its groups. Throws when the kernel does not let it happen whole.
 */
export function becomeUser(user: DaemonUser): void {
  process.setgroups?.(user.groups);
  process.setgid?.(user.gid);
  process.setuid?.(user.uid);
  if (process.getuid?.() !== user.uid || process.geteuid?.() !== user.uid) {
    throw new Error('broken invariant: the daemon is still root after giving it up');
  }
}

/** The problem that the daemon goes on as root: never a failed start, never silent. */
export function staysRoot(why: string, mend: string): Problem {
  return { what: `the whole daemon runs as root, because ${why}`, mend };
}

function entryTo(folder: string): string {
  return `run chmod o+x ${folder}, or choose another place`;
}

/** access(2) asks for the real user, who is still root: only an attempt tells. */
function readOrMake(file: string): void {
  try {
    fs.closeSync(fs.openSync(file, 'r'));
  } catch (thrown) {
    if (systemCode(thrown) !== 'ENOENT') throw thrown;
    makeWithin(dirname(file));
  }
}

function makeWithin(folder: string): void {
  fs.rmdirSync(fs.mkdtempSync(join(folder, '.try-')));
}

/** The first port that everybody may listen on; containers often open all of them. */
function openPortMin(): number {
  try {
    return Number(fs.readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  } catch {
    return 1024;
  }
}
