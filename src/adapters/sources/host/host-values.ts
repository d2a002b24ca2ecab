import type { Space } from './host-access.ts';
import type { HostSample } from './host-sample.ts';
import type { HostSpec } from './host-spec.ts';
import { cpuShares } from './cpu-shares.ts';

/** One share 0..1 that is compared with thresholds. */
export interface WatchedValue {
  /** Unique: what thresholds remember is filed under it. */
  readonly key: string;
  readonly limits: keyof HostSpec['thresholds'];
  readonly eventName: 'cpu' | 'memory' | 'filesystem';
  readonly metric: string;
  readonly value: number;
  /** What it is of, in words: `the file system /srv`. */
  readonly subject: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * How full a file system is for those who are not root, as df(1) counts it; undefined where nothing
 * is counted.
 */
export function fillOf(space: Space): {
  readonly bytes: number | undefined;
  readonly files: number | undefined;
} {
  const used = space.bytes - space.freeBytes;
  const reachable = used + space.availableBytes;
  return {
    bytes: reachable > 0 ? clamped(used / reachable) : undefined,
    files: space.files > 0 ? clamped((space.files - space.freeFiles) / space.files) : undefined,
  };
}

/** All shares of a sample that thresholds exist for. `before` is the sample before it, if any. */
export function watchedValues(
  before: HostSample | undefined,
  now: HostSample,
): readonly WatchedValue[] {
  return [...cpuValues(before, now), ...memoryValues(now), ...spaceValues(now)];
}

function cpuValues(before: HostSample | undefined, now: HostSample): readonly WatchedValue[] {
  const values: WatchedValue[] = [];
  const head = { limits: 'cpu', eventName: 'cpu', attributes: {} } as const;
  const [earlier, kernel] = [before?.kernel, now.kernel];
  const shares =
    earlier === undefined || kernel === undefined ? undefined : cpuShares(earlier.cpu, kernel.cpu);
  if (shares !== undefined) {
    const value = clamped(1 - shares.idle - shares.iowait);
    const subject = 'the processors of the host';
    values.push({ ...head, key: 'cpu', metric: 'system.cpu.utilization', value, subject });
  }
  const [groupBefore, group] = [before?.group.cpu, now.group.cpu];
  const elapsedUs = (now.uptimeMs - (before?.uptimeMs ?? now.uptimeMs)) * 1000;
  if (groupBefore !== undefined && group !== undefined && elapsedUs > 0) {
    const value = clamped((group.usedUs - groupBefore.usedUs) / elapsedUs / group.limitCpus);
    const subject = 'the processor share of the container';
    values.push({ ...head, key: 'cpu:group', metric: 'container.cpu.time', value, subject });
  }
  return values;
}

function memoryValues({ memory, group }: HostSample): readonly WatchedValue[] {
  const values: WatchedValue[] = [];
  const head = { limits: 'memory', eventName: 'memory', attributes: {} } as const;
  if (memory !== undefined) {
    const value = clamped(1 - memory.available / memory.total);
    const subject = 'the memory of the host';
    values.push({ ...head, key: 'memory', metric: 'system.memory.utilization', value, subject });
  }
  if (group.memory !== undefined) {
    const value = clamped(group.memory.usedBytes / group.memory.limitBytes);
    const metric = 'lastgood.container.memory.utilization';
    const subject = 'the memory limit of the container';
    values.push({ ...head, key: 'memory:group', metric, value, subject });
  }
  return values;
}

function spaceValues({ filesystems }: HostSample): readonly WatchedValue[] {
  return filesystems.flatMap(({ point, device, type, space }): readonly WatchedValue[] => {
    const attributes = {
      'system.device': device,
      'system.filesystem.mountpoint': point,
      'system.filesystem.type': type,
    };
    const head = { eventName: 'filesystem', attributes } as const;
    const { bytes, files } = fillOf(space);
    const values: WatchedValue[] = [];
    if (bytes !== undefined) {
      const metric = 'system.filesystem.utilization';
      const subject = `the file system ${point}`;
      const key = `filesystem:${point}`;
      values.push({ ...head, key, limits: 'filesystem', metric, value: bytes, subject });
    }
    if (files !== undefined) {
      const metric = 'lastgood.filesystem.inodes.utilization';
      const subject = `the inodes of the file system ${point}`;
      const key = `inodes:${point}`;
      values.push({ ...head, key, limits: 'inodes', metric, value: files, subject });
    }
    return values;
  });
}

function clamped(value: number): number {
  return Math.min(1, Math.max(0, value));
}
