import type { CpuTimes } from '../../../linux/kernel-stat.ts';

/** The share 0..1 of each mode in the time between two readings; undefined when none passed. */
export function cpuShares(before: CpuTimes, now: CpuTimes): CpuTimes | undefined {
  // Waiting for disks is not counted exactly and may run backwards (proc(5)).
  const gone = (mode: keyof CpuTimes): number => Math.max(0, now[mode] - before[mode]);
  const [user, system, idle] = [gone('user'), gone('system'), gone('idle')];
  const [iowait, steal] = [gone('iowait'), gone('steal')];
  const all = user + system + idle + iowait + steal;
  if (all === 0) return undefined;
  return {
    user: user / all,
    system: system / all,
    idle: idle / all,
    iowait: iowait / all,
    steal: steal / all,
  };
}
