import { messageOf, systemCode } from '../../../base/error.ts';
import { parseKernelStat, type KernelStat } from '../../../linux/kernel-stat.ts';
import { parseLoad } from '../../../linux/load-average.ts';
import { parseMemory, type MemoryUse } from '../../../linux/memory-info.ts';
import { parsePressure, PRESSURE_RESOURCES, type Pressure } from '../../../linux/pressure.ts';
import { countOf, wordsOf } from '../../../linux/proc-text.ts';
import { parseUptime } from '../../../linux/uptime.ts';
import { parseSwapTraffic } from '../../../linux/vm-stat.ts';
import type { InterfaceState } from '../../../model/component/interface-change.ts';
import type { HostAccess, Space } from './host-access.ts';
import type { HostSpec } from './host-spec.ts';
import { readLinks } from './link-state.ts';
import { parseDisks, parseInterfaces, type DiskUse, type InterfaceUse } from './parse-devices.ts';
import { readGroup, type GroupUse } from './read-cgroup.ts';
import { watchedMounts, type Mount } from './watched-mounts.ts';

/** One look at the host. What it does not tell is absent. */
export interface HostSample {
  /** Of the clock that never goes back, milliseconds. */
  readonly uptimeMs: number;
  readonly bootId: string | undefined;
  /** Seconds since this host was started. */
  readonly uptimeS: number | undefined;
  readonly kernel: KernelStat | undefined;
  readonly load: number | undefined;
  readonly memory: MemoryUse | undefined;
  readonly swap: ReturnType<typeof parseSwapTraffic>;
  readonly pressure: readonly Pressure[];
  readonly disks: readonly DiskUse[];
  readonly interfaces: readonly InterfaceUse[];
  readonly links: readonly InterfaceState[];
  readonly filesystems: readonly FilesystemUse[];
  /** Open files of all processes. */
  readonly descriptors: number | undefined;
  readonly processes: number | undefined;
  readonly group: GroupUse;
  /** Files that are there and could not be read or parsed. */
  readonly faults: readonly Fault[];
}

/** The space of one mount. */
export interface FilesystemUse extends Mount {
  readonly space: Space;
}

/** What could not be had. `input` is present where it could be read but not understood. */
export interface Fault {
  readonly path: string;
  readonly why: string;
  readonly input?: string;
}

/** A file system on a disk that does not answer must not stop the other values. */
const SPACE_WAIT_MS = 2_000;

/** Takes one sample: about twenty files of /proc and /sys. Never throws. */
export async function takeSample(
  access: HostAccess,
  spec: HostSpec,
  clock: {
    readonly uptimeMs: () => number;
    readonly after: (ms: number, call: () => void) => () => void;
  },
): Promise<HostSample> {
  const faults: Fault[] = [];
  const from = <Value>(path: string, parse: (text: string) => Value | undefined) =>
    readParsed(access, path, parse, faults);
  const uptimeMs = clock.uptimeMs();
  const kernel = from('/proc/stat', parseKernelStat);
  const memory = from('/proc/meminfo', parseMemory);
  const pressure = PRESSURE_RESOURCES.flatMap(
    (resource) => from(`/proc/pressure/${resource}`, (text) => parsePressure(resource, text)) ?? [],
  );
  const disks = from('/proc/diskstats', (text) => parseDisks(text, access.names('/sys/block')));
  const { exclude } = spec.interfaces;
  const interfaces = from('/proc/net/dev', (text) => parseInterfaces(text, exclude));
  const mounts = from('/proc/self/mountinfo', (text) =>
    watchedMounts(text, spec.filesystems.exclude),
  );
  return {
    uptimeMs,
    bootId: from('/proc/sys/kernel/random/boot_id', parseBootId),
    uptimeS: from('/proc/uptime', parseUptime),
    kernel,
    load: from('/proc/loadavg', parseLoad),
    memory,
    swap: memory?.swapTotal ? from('/proc/vmstat', parseSwapTraffic) : undefined,
    pressure,
    disks: disks ?? [],
    interfaces: interfaces ?? [],
    links: readLinks(access, exclude),
    filesystems: await spaceOf(access, mounts ?? [], clock.after, faults),
    descriptors: from('/proc/sys/fs/file-nr', firstCount),
    processes: access.names('/proc').filter((name) => /^\d+$/.test(name)).length,
    group: readGroup(access),
    faults,
  };
}

function readParsed<Value>(
  access: HostAccess,
  path: string,
  parse: (text: string) => Value | undefined,
  faults: Fault[],
): Value | undefined {
  let text: string | undefined;
  try {
    text = access.read(path);
  } catch (error) {
    faults.push({ path, why: systemCode(error) ?? messageOf(error) });
    return undefined;
  }
  // Kernels are built without some of these files; that is no fault.
  if (text === undefined) return undefined;
  const value = parse(text);
  if (value === undefined) faults.push({ path, why: 'not as the kernel writes it', input: text });
  return value;
}

async function spaceOf(
  access: HostAccess,
  mounts: readonly Mount[],
  after: (ms: number, call: () => void) => () => void,
  faults: Fault[],
): Promise<readonly FilesystemUse[]> {
  const uses = await Promise.all(
    mounts.map(async (mount): Promise<FilesystemUse | undefined> => {
      const space = await within(access.space(mount.point), after);
      if (typeof space !== 'string') return { ...mount, space };
      faults.push({ path: mount.point, why: space });
      return undefined;
    }),
  );
  return uses.filter((use) => use !== undefined);
}

/** The space, or in words why there is none. */
function within(
  asked: Promise<Space>,
  after: (ms: number, call: () => void) => () => void,
): Promise<Space | string> {
  return new Promise((resolve) => {
    const cancel = after(SPACE_WAIT_MS, () => resolve('did not answer in time'));
    asked
      .catch((error: unknown) => systemCode(error) ?? messageOf(error))
      .then((answer) => {
        cancel();
        resolve(answer);
      })
      .catch(() => undefined);
  });
}

function parseBootId(text: string): string | undefined {
  const id = text.trim();
  return /^[0-9a-f-]{8,64}$/.test(id) ? id : undefined;
}

function firstCount(text: string): number | undefined {
  return countOf(wordsOf(text.trim())[0]);
}
