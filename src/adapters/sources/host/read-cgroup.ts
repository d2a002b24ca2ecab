import type { HostAccess } from './host-access.ts';
import { countOf, keyedCounts, wordsOf } from '../../../linux/proc-text.ts';

/**
 * What the outermost visible control group may use and uses. In a container that is the container:
 * /proc goes on describing the whole machine there. On a machine itself it has no limits, and then
 * nothing is answered.
 */
export interface GroupUse {
  readonly memory?: {
    readonly limitBytes: number;
    /** Without the cache that can be dropped at once, as kubelet and cAdvisor count. */
    readonly usedBytes: number;
  };
  readonly cpu?: {
    /** Processors it may use at once; 0.5 is half of one. */
    readonly limitCpus: number;
    /** Microseconds of processor time since it was made. */
    readonly usedUs: number;
    /** Microseconds it stood still because its share was used up. */
    readonly throttledUs: number;
  };
}

const ROOT = '/sys/fs/cgroup';

/** Limits beyond this are version 1's way of saying "none" (the largest page-aligned number). */
const NO_LIMIT_BYTES = 2 ** 60;

/** Reads both versions of control groups, see cgroups(7). Absent and unlimited are left out. */
export function readGroup(access: Pick<HostAccess, 'read'>): GroupUse {
  const memory = memoryV2(access) ?? memoryV1(access);
  const cpu = cpuV2(access) ?? cpuV1(access);
  return { ...(memory === undefined ? {} : { memory }), ...(cpu === undefined ? {} : { cpu }) };
}

type Reads = Pick<HostAccess, 'read'>;

function memoryV2(access: Reads): GroupUse['memory'] {
  const limitBytes = count(access, 'memory.max');
  const usage = count(access, 'memory.current');
  const stat = keyedCounts(text(access, 'memory.stat'));
  return memoryOf(limitBytes, usage, stat.get('inactive_file'));
}

function memoryV1(access: Reads): GroupUse['memory'] {
  const limitBytes = count(access, 'memory/memory.limit_in_bytes');
  const usage = count(access, 'memory/memory.usage_in_bytes');
  const stat = keyedCounts(text(access, 'memory/memory.stat'));
  return memoryOf(limitBytes, usage, stat.get('total_inactive_file'));
}

function memoryOf(
  limitBytes: number | undefined,
  usage: number | undefined,
  droppable = 0,
): GroupUse['memory'] {
  if (limitBytes === undefined || limitBytes === 0 || limitBytes >= NO_LIMIT_BYTES)
    return undefined;
  return usage === undefined
    ? undefined
    : { limitBytes, usedBytes: Math.max(0, usage - droppable) };
}

function cpuV2(access: Reads): GroupUse['cpu'] {
  const [quota, period] = wordsOf(text(access, 'cpu.max'));
  const stat = keyedCounts(text(access, 'cpu.stat'));
  return cpuOf(countOf(quota), countOf(period), stat.get('usage_usec'), stat.get('throttled_usec'));
}

function cpuV1(access: Reads): GroupUse['cpu'] {
  const used = count(access, 'cpuacct/cpuacct.usage') ?? count(access, 'cpu/cpuacct.usage');
  const throttled = keyedCounts(text(access, 'cpu/cpu.stat')).get('throttled_time');
  return cpuOf(
    // Without a limit the quota is -1, which is no counter.
    count(access, 'cpu/cpu.cfs_quota_us'),
    count(access, 'cpu/cpu.cfs_period_us'),
    used === undefined ? undefined : used / 1000,
    throttled === undefined ? undefined : throttled / 1000,
  );
}

function cpuOf(
  quotaUs: number | undefined,
  periodUs: number | undefined,
  usedUs: number | undefined,
  throttledUs = 0,
): GroupUse['cpu'] {
  if (quotaUs === undefined || periodUs === undefined || usedUs === undefined) return undefined;
  if (quotaUs === 0 || periodUs === 0) return undefined;
  return { limitCpus: quotaUs / periodUs, usedUs, throttledUs };
}

/** A file that may not be read says as much about limits as one that is absent. */
function text(access: Reads, name: string): string {
  try {
    return access.read(`${ROOT}/${name}`)?.trim() ?? '';
  } catch {
    return '';
  }
}

function count(access: Reads, name: string): number | undefined {
  return countOf(text(access, name));
}
