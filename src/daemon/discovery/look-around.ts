import * as fs from 'node:fs';
import * as os from 'node:os';
import { delimiter, dirname, join, matchesGlob } from 'node:path';
import { ownedSockets, type OwnedSocket } from '../../adapters/providers/host/read-programs.ts';
import { lookAtJournal, readMachineId } from '../../adapters/sources/journald/journal-access.ts';
import { fromUtf8 } from '../../base/bytes.ts';
import { hostComponentName, machineKind } from '../../config/own-host.ts';
import { unitOf } from '../../linux/control-group.ts';
import { runCommand } from '../../runner/run-command.ts';
import { discover, type Discovered } from './discovered.ts';
import { commandEnv } from '../host/command-env.ts';
import { isOwnProgram } from '../host/own-program.ts';
import { serviceName, target } from './draft-inventory.ts';
import type { HostFacts, SeenContainer, SeenListener, SeenLog } from './host-facts.ts';
import {
  isLeftOut,
  KNOWN_SERVICES,
  knownPlaces,
  knownService,
  UNKNOWN_PROGRAM,
  usualProgram,
} from './known-services.ts';
import { logReader, type MayRead } from './may-read.ts';
import { openLogs } from './open-logs.ts';
import { askHttp } from './probe-http.ts';
import { CONTAINERS_FORMAT, readContainers } from './read-engines.ts';

/** Ports that are looked at: a host with more is a gateway, and its operator names them. */
const LISTENERS_MAX = 64;
/** An engine that does not answer by then is not there. */
const ENGINE_MS = 2_000;
/**
 * Looks at what runs on this host, and what a daemon with that data directory could read of it.
 * Reads only; asks local HTTP ports for their health.
 */
export async function lookAround(
  env: NodeJS.ProcessEnv,
  dataRoot: string,
  signal: AbortSignal,
): Promise<HostFacts> {
  const remarks: string[] = [];
  const sockets = tcpSockets(remarks);
  const listeners = await Promise.all(sockets.map((socket) => seenListener(socket, signal)));
  const mayRead = logReader(dataRoot);
  const discovered = discover();
  return {
    host: hostComponentName(os.hostname()),
    kind: machineKind(),
    listeners,
    containers: await containersOf(env, signal, remarks),
    logs: logsOf(listeners, sockets, discovered, mayRead),
    hasJournal: discovered.hasJournal,
    hasKernelLog: discovered.hasKernelLog,
    journalRefusal: discovered.hasJournal ? journalRefusal(mayRead) : undefined,
    places: new Set(KNOWN_SERVICES.flatMap(knownPlaces).filter(exists)),
    tools: toolsOf(env),
    remarks,
  };
}

function tcpSockets(remarks: string[]): readonly OwnedSocket[] {
  const byPlace = new Map<string, OwnedSocket>();
  for (const socket of ownedSockets(isOwnProgram)) {
    // A lastgood that runs here already watches itself.
    if (socket.protocol !== 'tcp' || socket.isOurs) continue;
    const place = `${target(socket.address)}:${socket.port}`;
    const before = byPlace.get(place);
    if (before === undefined || before.programs.length === 0) byPlace.set(place, socket);
  }
  const all = [...byPlace.values()].toSorted((a, b) => a.port - b.port);
  const nameless = all.filter(({ programs }) => programs.length === 0);
  if (nameless.length > 0) {
    const ports = nameless.map(({ port }) => port).join(', ');
    const why =
      process.getuid?.() === 0
        ? 'no process here has them open, as with a container or the kernel; name them yourself'
        : 'they belong to others; run it as root';
    remarks.push(`the programs behind the ports ${ports}: ${why}`);
  }
  if (all.length > LISTENERS_MAX) {
    remarks.push(`${all.length - LISTENERS_MAX} of ${all.length} listening ports: too many`);
  }
  return all.slice(0, LISTENERS_MAX);
}

async function seenListener(socket: OwnedSocket, signal: AbortSignal): Promise<SeenListener> {
  const { address, port, pids } = socket;
  const program = socket.programs[0] ?? usualProgram(port) ?? UNKNOWN_PROGRAM;
  const unit = pids.map((pid) => unitOf(read(`/proc/${pid}/cgroup`))).find((one) => one);
  const known = knownService(program);
  // A stray GET in the log of a database alarms whoever reads it.
  const isAsked = !isLeftOut(program) && (known?.speaksHttp ?? true);
  const http = isAsked ? await askHttp(`http://${target(address)}:${port}`, signal) : undefined;
  return {
    address,
    port,
    program,
    ...(unit === undefined ? {} : { unit }),
    ...(http === undefined ? {} : { http }),
  };
}

/** Logs of what listens: known places and files named .log that it has open; then all others. */
function logsOf(
  listeners: readonly SeenListener[],
  sockets: readonly OwnedSocket[],
  discovered: Discovered,
  mayRead: MayRead,
): readonly SeenLog[] {
  const logs = new Map<string, SeenLog>();
  const add = (log: SeenLog): void => {
    const refusal = mayRead(log.path);
    if (!logs.has(log.path)) {
      logs.set(log.path, refusal === undefined ? log : { ...log, refusal });
    }
  };
  for (const [at, listener] of listeners.entries()) {
    if (isLeftOut(listener.program)) continue;
    const component = serviceName(listener);
    const known = (knownService(listener.program)?.logs ?? []).filter(hasMatch);
    for (const path of [...known, ...openLogs(sockets[at]?.pids ?? [])]) {
      if (known.includes(path) || !known.some((glob) => matchesGlob(path, glob))) {
        add({ path, source: `${component}-logs`, component });
      }
    }
  }
  const named = [...logs.keys()];
  for (const { name, paths, service } of discovered.logs) {
    const rest = paths.filter((path) => !named.some((one) => dirname(one) === dirname(path)));
    const whose = service === undefined ? {} : { service };
    for (const path of service === undefined ? paths : rest) add({ path, source: name, ...whose });
  }
  return [...logs.values()];
}

/** Root looks for a daemon that will be somebody else; anybody else has tried by himself. */
function journalRefusal(mayRead: MayRead): string | undefined {
  const refusal = mayRead('/{var/log,run/log}/journal/*/system.journal');
  return refusal ?? lookAtJournal(undefined, readMachineId()).problem;
}

function hasMatch(glob: string): boolean {
  return fs.globSync(glob).length > 0;
}

async function containersOf(
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  remarks: string[],
): Promise<readonly SeenContainer[]> {
  const found: SeenContainer[] = [];
  for (const engine of ['docker', 'podman'] as const) {
    const words = [engine, 'ps', '--format', CONTAINERS_FORMAT];
    const ran = await runCommand(words, { timeoutMs: ENGINE_MS }, { env: commandEnv(env), signal });
    if (!ran.ok) continue;
    const { exitCode, stdout, stderr } = ran.value;
    if (exitCode === 0) found.push(...readContainers(engine, fromUtf8(stdout)));
    else remarks.push(`containers: ${engine} says ${stderr.trim().split('\n')[0] ?? exitCode}`);
  }
  return found;
}

function toolsOf(env: NodeJS.ProcessEnv): ReadonlySet<string> {
  const names = KNOWN_SERVICES.flatMap(({ ask, reload }) => [ask?.[0], reload?.[0]]);
  const path = commandEnv(env)['PATH'] ?? '';
  const wanted = ['systemctl', 'rtmon', ...names.filter((name) => name !== undefined)];
  return new Set(
    wanted.filter((name) => path.split(delimiter).some((folder) => exists(join(folder, name)))),
  );
}

function exists(path: string): boolean {
  return fs.existsSync(path);
}

function read(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
