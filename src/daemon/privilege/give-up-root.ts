import { hostname } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Problem } from '../../api/contract.ts';
import type { Log, LogLevel } from '../../base/log.ts';
import { MAKE_USER } from '../../account/read-grant.ts';
import { ok, type Result } from '../../base/result.ts';
import type { DataFolder } from '../../config/data-folder.ts';
import type { Config } from '../../config/schema.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LoadedConfig } from '../configuration/config-file.ts';
import { userFor, type DaemonUser } from './choose-user.ts';
import { handOver } from './hand-over.ts';
import type { HostRunnerLink } from '../host/host-runner-link.ts';
import { HostLink } from '../host/link.ts';
import { SocketLink } from '../host/socket-link.ts';
import {
  becomeUser,
  configRemark,
  obstacleFor,
  sharedUserRemark,
  staysRoot,
  writeObstacle,
} from './privilege.ts';

/** How a daemon goes on after looking at its privileges. */
export interface Privileges {
  /** The host process that stayed root; absent when nothing was given up. */
  readonly hostLink?: HostRunnerLink;
  readonly problems: readonly Problem[];
}

/** What is needed to decide. */
export interface PrivilegeParts {
  readonly folder: DataFolder;
  readonly loaded: LoadedConfig;
  readonly logLevel: LogLevel;
  readonly clock: Clock;
  readonly log: Log;
  /** Where a host runner of its own listens, for a daemon that never was root. */
  readonly hostSocket?: string | undefined;
}

/**
 * Started as root, this process forks the host process and becomes an ordinary user before it opens
 * anything else. Where that user could not work the daemon stays root and says so: a started daemon
 * with a warning protects more than none. Started by anybody else nothing changes.
 */
export async function giveUpRoot(parts: PrivilegeParts): Promise<Result<Privileges>> {
  const { folder, loaded, clock, log, logLevel, hostSocket } = parts;
  if (process.getuid?.() !== 0) {
    if (hostSocket === undefined) return ok({ problems: [] });
    return ok({ hostLink: new SocketLink({ socket: hostSocket }, clock, log), problems: [] });
  }
  const { root, key: keyFile } = folder;
  const user = userFor(root);
  if (user === undefined) {
    const mend = `run ${MAKE_USER}`;
    return ok({ problems: [staysRoot('there is no user lastgood or nobody', mend)] });
  }
  const obstacle = await prepare(user, parts);
  if (obstacle !== undefined) return ok({ problems: [obstacle] });
  const { text: configText, file } = loaded;
  const configFile = file ?? 'the defaults';
  const name = hostname();
  const settings = { name, folder: folder.host, keyFile, configText, configFile, logLevel };
  const forked = await HostLink.fork(settings, clock, log);
  if (!forked.ok) return forked;
  const writable = file === undefined ? [] : configRemark(user, file);
  const problems = [...sharedUserRemark(user, keyFile), ...writable];
  becomeUser(user);
  return ok({ hostLink: forked.value, problems });
}

/** Makes the data directory the user's; what keeps it from working there, if anything does. */
async function prepare(
  user: DaemonUser,
  { folder, loaded }: PrivilegeParts,
): Promise<Problem | undefined> {
  const { root, key, host } = folder;
  const ownKey = key.startsWith(`${root}/`) ? [] : [key];
  const files = [...codeFiles(), ...ownKey, ...configuredFiles(loaded.config)];
  const obstacle = obstacleFor(user, { dataRoot: root, files, ports: portsOf(loaded.config) });
  if (obstacle !== undefined) return obstacle;
  await handOver(root, basename(host), user);
  return writeObstacle(user, root);
}

/** Enough of the code to tell a checkout that others may read: ours, a dependency's, Node's own. */
function codeFiles(): readonly string[] {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return [
    process.execPath,
    fileURLToPath(new URL(`../evidence/process${extension}`, import.meta.url)),
    fileURLToPath(new URL(`../../cli/main${extension}`, import.meta.url)),
    ...['zod', '@duckdb/node-api'].map((name) => fileURLToPath(import.meta.resolve(name))),
  ];
}

/** Files of the configuration that are read again while the daemon runs. */
function configuredFiles({ access, notify }: Config): readonly string[] {
  const secrets = notify
    .flatMap(({ url, secret }) => [url, secret ?? ''])
    .flatMap((reference) => (reference.startsWith('file:') ? [reference.slice(5)] : []));
  const { tls } = access;
  const authority = tls?.ca === undefined ? [] : [tls.ca];
  return [...(tls === undefined ? [] : [tls.cert, tls.key, ...authority]), ...secrets];
}

function portsOf({ listen }: Config): readonly number[] {
  return Object.values(listen).flatMap((at) => (at === false || at === undefined ? [] : [at.port]));
}
