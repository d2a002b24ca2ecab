import { cpuShares } from './cpu-shares.ts';
import type { InterfaceUse } from './parse-devices.ts';
import type { HostSample } from './host-sample.ts';
import { fillOf } from './host-values.ts';

/** One value of one series. Names, attributes and units are OpenTelemetry's where it has them. */
export interface MetricPoint {
  readonly name: string;
  readonly unit: string;
  /** sum: a counter since boot. level: an amount that goes up and down. */
  readonly type: 'gauge' | 'sum' | 'level';
  readonly value: number;
  readonly attributes: Readonly<Record<string, string>>;
}

type Attributes = MetricPoint['attributes'];

function point(
  type: MetricPoint['type'],
  name: string,
  unit: string,
  value: number,
  attributes: Attributes = {},
): MetricPoint {
  return { name, unit, type, value, attributes };
}

/** Shares are kept to four decimals: more is noise, and noise does not compress. */
function share(name: string, value: number, attributes: Attributes = {}): MetricPoint {
  return point('gauge', name, '1', Math.round(value * 10_000) / 10_000, attributes);
}

/** What is stored of each sample: what may change within seconds. */
export function quickPoints(before: HostSample, now: HostSample): readonly MetricPoint[] {
  return [
    ...cpuPoints(before, now),
    ...memoryPoints(now),
    ...pressurePoints(before, now),
    ...now.disks.flatMap(({ name, readBytes, writtenBytes, busyS }) => [
      point('sum', 'system.disk.io', 'By', readBytes, disk(name, 'read')),
      point('sum', 'system.disk.io', 'By', writtenBytes, disk(name, 'write')),
      point('sum', 'system.disk.io_time', 's', busyS, { 'system.device': name }),
    ]),
    ...now.interfaces.flatMap((use) => networkPoints(before, use)),
    ...groupPoints(before, now),
  ];
}

/** What is stored once a minute: what changes slowly. */
export function slowPoints(now: HostSample): readonly MetricPoint[] {
  const points: MetricPoint[] = [];
  const add = (...args: Parameters<typeof point>): void => void points.push(point(...args));
  const state = 'system.memory.state';
  if (now.memory !== undefined) {
    const { total, available, cached, swapTotal, swapUsed } = now.memory;
    add('level', 'system.memory.usage', 'By', total - available, { [state]: 'used' });
    add('level', 'system.memory.usage', 'By', cached, { [state]: 'cached' });
    add('level', 'system.memory.limit', 'By', total);
    if (swapTotal > 0) {
      add('level', 'system.paging.usage', 'By', swapUsed, { 'system.paging.state': 'used' });
    }
  }
  if (now.load !== undefined) add('gauge', 'system.cpu.load_average.1m', '{thread}', now.load);
  if (now.processes) add('level', 'system.process.count', '{process}', now.processes);
  const { created } = now.kernel ?? {};
  if (created !== undefined) add('sum', 'system.process.created', '{process}', created);
  if (now.descriptors !== undefined) {
    add('level', 'lastgood.file_descriptor.count', '{file_descriptor}', now.descriptors);
  }
  if (now.uptimeS !== undefined) add('gauge', 'system.uptime', 's', now.uptimeS);
  for (const { point: mountpoint, device, type, space } of now.filesystems) {
    const attributes = {
      'system.device': device,
      'system.filesystem.mountpoint': mountpoint,
      'system.filesystem.type': type,
    };
    const used = { ...attributes, 'system.filesystem.state': 'used' };
    add('level', 'system.filesystem.usage', 'By', space.bytes - space.freeBytes, used);
    const fill = fillOf(space);
    if (fill.bytes !== undefined) {
      points.push(share('system.filesystem.utilization', fill.bytes, attributes));
    }
    if (fill.files !== undefined) {
      points.push(share('lastgood.filesystem.inodes.utilization', fill.files, attributes));
    }
  }
  return points;
}

function cpuPoints(before: HostSample, now: HostSample): readonly MetricPoint[] {
  if (before.kernel === undefined || now.kernel === undefined) return [];
  const shares = cpuShares(before.kernel.cpu, now.kernel.cpu);
  if (shares === undefined) return [];
  return Object.entries(shares).map(([mode, value]) =>
    share('system.cpu.utilization', value, { 'cpu.mode': mode }),
  );
}

function memoryPoints({ memory, swap }: HostSample): readonly MetricPoint[] {
  if (memory === undefined) return [];
  const used = 1 - memory.available / memory.total;
  const points = [share('system.memory.utilization', used, { 'system.memory.state': 'used' })];
  for (const [direction, pages] of [
    ['in', swap?.pagesIn],
    ['out', swap?.pagesOut],
  ] as const) {
    if (pages === undefined) continue;
    const attributes = { 'system.paging.direction': direction, 'system.paging.type': 'major' };
    points.push(point('sum', 'system.paging.operations', '{operation}', pages, attributes));
  }
  return points;
}

function pressurePoints(before: HostSample, now: HostSample): readonly MetricPoint[] {
  const elapsedUs = (now.uptimeMs - before.uptimeMs) * 1000;
  if (elapsedUs <= 0) return [];
  return now.pressure.flatMap(({ resource, kind, stalledUs }) => {
    const earlier = before.pressure.find(
      (other) => other.resource === resource && other.kind === kind,
    );
    if (earlier === undefined) return [];
    const stalled = Math.min(1, Math.max(0, stalledUs - earlier.stalledUs) / elapsedUs);
    const attributes = { 'lastgood.pressure.resource': resource, 'lastgood.pressure.kind': kind };
    return [share('lastgood.pressure.stalled', stalled, attributes)];
  });
}

function networkPoints(before: HostSample, use: InterfaceUse): readonly MetricPoint[] {
  const earlier = before.interfaces.find(({ name }) => name === use.name);
  return (['received', 'transmitted'] as const).flatMap((way) => {
    const direction = way === 'received' ? 'receive' : 'transmit';
    const attributes = { 'network.interface.name': use.name, 'network.io.direction': direction };
    const { bytes, errors, dropped } = use[way];
    const points = [point('sum', 'system.network.io', 'By', bytes, attributes)];
    // Faults are rare: a counter that stands still says nothing that its last value did not say.
    if (errors !== (earlier?.[way].errors ?? 0)) {
      points.push(point('sum', 'system.network.errors', '{error}', errors, attributes));
    }
    if (dropped !== (earlier?.[way].dropped ?? 0)) {
      points.push(point('sum', 'system.network.packet.dropped', '{packet}', dropped, attributes));
    }
    return points;
  });
}

function groupPoints(before: HostSample, now: HostSample): readonly MetricPoint[] {
  const points: MetricPoint[] = [];
  const { memory, cpu } = now.group;
  if (memory !== undefined) {
    points.push(
      point('level', 'container.memory.usage', 'By', memory.usedBytes),
      share('lastgood.container.memory.utilization', memory.usedBytes / memory.limitBytes),
    );
  }
  if (cpu !== undefined) {
    points.push(point('sum', 'container.cpu.time', 's', cpu.usedUs / 1e6));
    if (cpu.throttledUs !== (before.group.cpu?.throttledUs ?? 0)) {
      points.push(point('sum', 'lastgood.container.cpu.throttled', 's', cpu.throttledUs / 1e6));
    }
  }
  return points;
}

function disk(name: string, direction: string): Attributes {
  return { 'system.device': name, 'disk.io.direction': direction };
}
