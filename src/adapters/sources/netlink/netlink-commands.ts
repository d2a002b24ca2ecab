import { existsSync } from 'node:fs';
import { err, ok, type Result } from '../../../base/result.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { NetlinkSpec } from './netlink-spec.ts';

/** What is run, each a list of words. */
export interface NetlinkCommands {
  /** Writes raw messages to standard output until it is ended. */
  readonly monitor: readonly string[];
  /** All routes of all tables, in netlink messages. */
  readonly routes: readonly (readonly string[])[];
  /** All addresses. */
  readonly addresses: readonly (readonly string[])[];
}

/** Where distributions keep iproute2; a daemon's own PATH often lacks the folders of root. */
const FOLDERS = ['/usr/sbin', '/sbin', '/usr/bin', '/bin', '/usr/local/sbin'];

/** Whether rtmon and ip are installed. */
export function hasRtmon(): boolean {
  return find('rtmon', FOLDERS) !== undefined && find('ip', FOLDERS) !== undefined;
}

/** The commands of iproute2 for a namespace. LG_INGEST_SOURCE_UNREADABLE when it is missing. */
export function iprouteCommands(
  { namespace }: Pick<NetlinkSpec, 'namespace'>,
  folders: readonly string[] = FOLDERS,
): Result<NetlinkCommands> {
  const [rtmon, ip] = [find('rtmon', folders), find('ip', folders)];
  if (rtmon === undefined || ip === undefined) {
    const missing = rtmon === undefined ? 'rtmon' : 'ip';
    const mend = 'install iproute2 (apt-get install iproute2, dnf install iproute)';
    return err(lgError('LG_INGEST_SOURCE_UNREADABLE', `${missing} is not installed; ${mend}`));
  }
  const within = namespace === undefined ? [] : [ip, 'netns', 'exec', namespace];
  const dump = (...words: readonly string[]) => [...within, ip, ...words];
  return ok({
    monitor: ['/bin/sh', '-c', SUPERVISED, 'rtmon', ...within, rtmon, ...RTMON_WORDS],
    routes: [
      dump('-4', 'route', 'save', 'table', 'all'),
      dump('-6', 'route', 'save', 'table', 'all'),
    ],
    addresses: [dump('address', 'save')],
  });
}

/**
 * rtmon opens its file anew, which a socket forbids, and such is what Node gives its children: so
 * `cat` stands between. When our end of standard input closes, because we were killed, the whole
 * group ends; rtmon itself would notice only with the next change of the network.
 */
const SUPERVISED = 'exec 3<&0; (read -r _ <&3; kill 0) & "$@" 3<&- | cat 3<&-; kill 0';

const RTMON_WORDS = ['file', '/dev/stdout', 'link', 'address', 'route'];

function find(program: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => `${folder}/${program}`).find((path) => existsSync(path));
}
