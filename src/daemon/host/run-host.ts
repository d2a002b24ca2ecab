import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createKeyFile, openKeyFile } from '../../adapters/keyrings/file/file-keyring.ts';
import { ADAPTER_SCHEMAS, PROVIDERS } from '../../adapters/registry.ts';
import type { ExitCode } from '../../base/error.ts';
import { unwrap } from '../../base/result.ts';
import { TurnQueue } from '../../base/turn-queue.ts';
import { componentsOf } from '../../config/inventory.ts';
import { parseGroup } from '../../linux/accounts.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { findConfigFile } from '../../config/find-config-file.ts';
import { readConfigFile } from '../configuration/config-file.ts';
import { lockFolder } from '../folder-lock.ts';
import { hostClock } from '../host-clock.ts';
import { processLog, requireLevel } from '../process-log.ts';
import { Inventory } from '../recovery/inventory.ts';
import { allowList, type AllowList } from './allow-list.ts';
import { commandEnv } from './command-env.ts';
import { makeSecret } from './handshake.ts';
import { sourceProgramsOf } from './source-programs.ts';
import { HostSession, type HostSessionParts } from './host-session.ts';

/** How a host runner of its own is asked to run. */
export interface HostOptions {
  /** Absent: where `hosts` says, for one with a name. */
  readonly socket: string | undefined;
  /** Which of `hosts` it is; absent: the daemon's own machine. */
  readonly host: string | undefined;
  readonly configFile: string | undefined;
  /** Fence, notes, caches and their key lie here; nobody else may enter. */
  readonly folder: string;
  /** The group whose members may use the socket. */
  readonly group: string;
  readonly logLevel: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Where the runner of the daemon's own machine listens. */
const SOCKET = '/run/lastgood/host.sock';

/** A predecessor that is just ending needs a moment. */
const LOCK_WAIT_MS = 10_000;

/** One core, and a few that ask in vain. */
const CONNECTIONS_MAX = 8;

/**
 * Runs the host runner by itself, for a daemon without privileges that reaches it over a socket.
 * What it may do is its own configuration, which nobody else may write; it is read once.
 */
export async function runHost(options: HostOptions): Promise<ExitCode> {
  const log = processLog('host', requireLevel(options.logLevel));
  const { allowed, socket: place, reserveBytes } = configured(options);
  const gid = groupId(options.group);
  const folder = resolve(options.folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  requireOwn(folder, 0o077);
  const lock = unwrap(await lockFolder(join(folder, 'lock'), LOCK_WAIT_MS));
  try {
    const key = join(folder, 'key');
    const keyring = unwrap(await (existsSync(key) ? openKeyFile(key) : createKeyFile(key)));
    const socket = resolve(options.socket ?? place);
    await makeDoor(dirname(socket), gid);
    requireOwn(dirname(socket), 0o022);
    const secret = await makeSecret(socket, gid);
    const name = options.host ?? hostname();
    const own = { name, host: options.host, folder, keyring, keyFile: key };
    const parts = { ...own, allowed, secret, log, reserveBytes };
    await serve(options, { ...parts, commandEnv: commandEnv(options.env) }, socket, gid);
  } finally {
    lock.release();
  }
  return 0;
}

async function serve(
  { say, signal }: HostOptions,
  parts: HostSessionParts,
  path: string,
  gid: number,
): Promise<void> {
  const clock = hostClock();
  const sessions = new Set<HostSession>();
  /** Cores are served one after the other: the last one's work has ended before the next's. */
  const turns = new TurnQueue();
  const server = createServer((socket: Socket) => {
    const session = new HostSession(socket, parts, clock, turns);
    sessions.add(session);
    void session.ended.then(() => sessions.delete(session));
  });
  server.maxConnections = CONNECTIONS_MAX;
  await listen(server, path, gid);
  say(`ready ${path}`);
  if (!signal.aborted) await once(signal, 'abort');
  server.close();
  for (const session of sessions) session.close();
  await Promise.all([...sessions].map(({ ended }) => ended));
}

/** The socket's folder, when nobody made it for us: the group may enter, nobody else. */
async function makeDoor(folder: string, gid: number): Promise<void> {
  if (mkdirSync(folder, { recursive: true, mode: 0o750 }) === undefined) return;
  await fs.chown(folder, process.getuid?.() ?? 0, gid);
  await fs.chmod(folder, 0o750);
}

/** The socket is never open to others, not even for a moment. */
async function listen(server: Server, path: string, gid: number): Promise<void> {
  // We hold the lock of our folder: whoever left a socket here is gone.
  rmSync(path, { force: true });
  const mask = process.umask(0o177);
  try {
    server.listen(path);
    await once(server, 'listening');
  } finally {
    process.umask(mask);
  }
  await fs.chown(path, process.getuid?.() ?? 0, gid);
  await fs.chmod(path, 0o660);
}

/** What it may do, and where the daemon of its configuration looks for it. */
function configured({ configFile, host }: HostOptions): {
  readonly allowed: AllowList;
  readonly socket: string;
  readonly reserveBytes: number;
} {
  const file = findConfigFile(configFile, process.cwd());
  if (file === undefined) {
    throw lgError('LG_RUNTIME_USAGE', 'the host runner needs --config: it is what it may do');
  }
  requireOwn(file, 0o022);
  requireOwn(dirname(resolve(file)), 0o022);
  const { config } = unwrap(readConfigFile(file, ADAPTER_SCHEMAS));
  const own = config.hosts.find(({ name }) => name === host);
  if (host !== undefined && own === undefined) {
    const known = config.hosts.map(({ name }) => name).join(', ') || 'none';
    throw lgError('LG_RUNTIME_USAGE', `--name ${host}: hosts in ${file} names ${known}`);
  }
  const programs = sourceProgramsOf(config, host);
  const allowed = allowList(unwrap(Inventory.of(componentsOf(config), PROVIDERS)), host, programs);
  const { recoveryReserve: reserveBytes } = config.storage;
  return { allowed, socket: own?.socket ?? SOCKET, reserveBytes };
}

/** Whoever could change it could make us do anything: it must be ours or root's, and closed. */
function requireOwn(path: string, closed: number): void {
  const { uid, mode } = statSync(path);
  const isOurs = uid === 0 || uid === process.getuid?.();
  if (isOurs && (mode & closed) === 0) return;
  const octal = (mode & 0o7777).toString(8).padStart(4, '0');
  const what = `${path} belongs to user ${uid} with mode ${octal}; it must be ours alone`;
  throw lgError('LG_RUNTIME_DATA_UNUSABLE', what);
}

function groupId(name: string): number {
  const groups = parseGroup(readFileSync('/etc/group', 'utf8'));
  const group = groups.find((one) => one.name === name);
  if (group !== undefined) return group.gid;
  throw lgError('LG_RUNTIME_USAGE', `there is no group "${name}"; run groupadd --system ${name}`);
}
