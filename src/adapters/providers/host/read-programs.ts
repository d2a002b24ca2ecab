import * as os from 'node:os';
import { uptimeMs } from '../../../linux/live/boot.ts';
import { processNumbers } from '../../../linux/live/processes.ts';
import type { StateItem } from '../../../model/checkpoint/capture.ts';
import type { ProviderIo } from '../../../ports/provider.ts';
import { askTool, readTextIfAny, type ReadSection } from './host-access.ts';
import { openFilesOf } from './open-files.ts';
import { longLived, programName, runningProcess, type RunningProcess } from './processes.ts';
import { sectionItem } from './section.ts';
import { processItems, unitItems, UNITS_QUERY } from './services.ts';
import { listeningSockets, SOCKET_TABLES, type ListeningSocket } from './sockets.ts';

/** More open files than this are not searched for the owner of a port. */
const OPEN_FILES_MAX = 200_000;

/** Every process there is now. Those that end meanwhile are passed over. */
export function runningProcesses(): readonly RunningProcess[] {
  return processNumbers().flatMap((pid) => {
    const stat = readTextIfAny(`/proc/${pid}/stat`);
    const one = stat && runningProcess(stat, readTextIfAny(`/proc/${pid}/cmdline`) ?? '');
    return one === undefined || one === '' ? [] : [one];
  });
}

/** A listening socket with the programs that hold it, as far as they may be seen. */
export interface OwnedSocket extends ListeningSocket {
  readonly programs: readonly string[];
  readonly pids: readonly number[];
  /** Held by lastgood itself and nobody else. */
  readonly isOurs: boolean;
}

type IsOurs = ProviderIo['isOurs'];

/** Everything that listens in our network namespace. */
export function ownedSockets(isOurs: IsOurs): readonly OwnedSocket[] {
  const isLittleEndian = os.endianness() === 'LE';
  const sockets = SOCKET_TABLES.flatMap((table) =>
    // A kernel without IPv6 has no such tables.
    listeningSockets(table, readTextIfAny(`/proc/net/${table}`) ?? '', isLittleEndian),
  );
  const all = runningProcesses();
  const own = ownFamily(all, isOurs);
  const owners = ownersOf(new Set(sockets.map(({ inode }) => inode)), all);
  return sockets.map((socket) => {
    const holders = owners.get(socket.inode) ?? [];
    return {
      ...socket,
      programs: [...new Set(holders.map(programName))].toSorted(),
      pids: holders.map(({ pid }) => pid),
      isOurs: holders.length > 0 && holders.every(({ pid }) => own.has(pid)),
    };
  });
}

/** Which programs hold which sockets open; only root sees those of other users. */
function ownersOf(
  inodes: ReadonlySet<string>,
  all: readonly RunningProcess[],
): ReadonlyMap<string, readonly RunningProcess[]> {
  const owners = new Map<string, RunningProcess[]>();
  let looked = 0;
  for (const one of inodes.size === 0 ? [] : all) {
    for (const link of openFilesOf(one.pid)) {
      looked += 1;
      if (looked > OPEN_FILES_MAX) return owners;
      const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
      if (inode === undefined || !inodes.has(inode)) continue;
      const holders = owners.get(inode) ?? [];
      holders.push(one);
      owners.set(inode, holders);
    }
  }
  return owners;
}

/** Ports that wait for others, with the program behind each. */
export const readPorts: ReadSection = async ({ io }) => {
  const range = readTextIfAny('/proc/sys/net/ipv4/ip_local_port_range') ?? '32768 60999';
  const [low = 32_768, high = 60_999] = range.trim().split(/\s+/).map(Number);
  const byKey = new Map<string, OwnedSocket>();
  for (const socket of ownedSockets(io.isOurs)) {
    const { protocol, address, port, isOurs } = socket;
    if (isOurs) continue;
    // What asks a name server or a clock waits on such a port for its answer, for a moment.
    if (protocol === 'udp' && port >= low && port <= high) continue;
    const key = `${protocol}/${address.includes(':') ? `[${address}]` : address}:${port}`;
    const programs = new Set([...(byKey.get(key)?.programs ?? []), ...socket.programs]);
    byKey.set(key, { ...socket, programs: [...programs].toSorted() });
  }
  const items: StateItem[] = [...byKey].map(([key, { protocol, address, port, uid, programs }]) =>
    sectionItem('ports', key, {
      type: 'port',
      protocol,
      address,
      port,
      uid,
      ...(programs.length === 0 ? {} : { program: programs.join(', ') }),
    }),
  );
  const nameless = [...byKey.values()].filter(({ programs }) => programs.length === 0).length;
  const why = 'their programs belong to other users; it needs root or CAP_SYS_PTRACE to see which';
  return {
    items,
    unreadable: [],
    excluded: [
      'ports of lastgood itself, and UDP ports of the range for outgoing calls',
      'ports of other network namespaces (containers)',
      ...(nameless === 0 ? [] : [`the programs of ${nameless} ports: ${why}`]),
    ],
  };
};

/** The units of systemd, else the programs that have been running for a while. */
export const readServices: ReadSection = async (host) => {
  const units = await askTool(host, UNITS_QUERY);
  if ('text' in units) {
    return { items: unitItems(units.text), unreadable: [], excluded: ['units of sessions'] };
  }
  const all = runningProcesses();
  const items = processItems(longLived(all, uptimeMs() ?? 0, ownFamily(all, host.io.isOurs)));
  const why = `${units.why}, so services are programs that have run for a minute`;
  return { items, unreadable: [], excluded: [why] };
};

/** Our own processes and what they run: watching the host is no change of the host. */
function ownFamily(all: readonly RunningProcess[], isOurs: IsOurs): ReadonlySet<number> {
  const own = new Set(all.filter(({ words }) => isOurs(words)).map(({ pid }) => pid));
  // Started as the first process, of a container, we inherit the orphans of others.
  const children = all.filter(({ parent }) => parent !== 1 && own.has(parent));
  return new Set([...own, ...children.map(({ pid }) => pid)]);
}
