import { countOf, countsOf, linesOf, wordsOf } from './proc-text.ts';

/** Time all processors spent since boot, in ticks of 10 ms (USER_HZ is 100 on every Linux). */
export interface CpuTimes {
  /** User code, niced or not, and guests. */
  readonly user: number;
  /** The kernel, with interrupts. */
  readonly system: number;
  readonly idle: number;
  /** Idle while somebody waits for a disk. */
  readonly iowait: number;
  /** Ready to run, but the hypervisor ran somebody else. */
  readonly steal: number;
}

/** What /proc/stat says. */
export interface KernelStat {
  readonly cpu: CpuTimes;
  /** Processors the kernel schedules on. */
  readonly cpus: number;
  /** Seconds since the epoch. */
  readonly bootTimeS: number | undefined;
  /** Processes and threads made since boot. */
  readonly created: number | undefined;
}

/** The largest machines have some thousand processors, a line each. */
const LINES_MAX = 10_000;

/** Parses /proc/stat, see proc(5); undefined when its first line is no sum of processor times. */
export function parseKernelStat(text: string): KernelStat | undefined {
  const lines = linesOf(text, LINES_MAX);
  const [head = '', ...words] = wordsOf(lines[0] ?? '');
  const counts = head === 'cpu' ? countsOf(words, 0, 4) : undefined;
  if (counts === undefined) return undefined;
  const at = (index: number): number => counts[index] ?? 0;
  return {
    cpu: {
      user: at(0) + at(1),
      system: at(2) + at(5) + at(6),
      idle: at(3),
      iowait: at(4),
      steal: at(7),
    },
    cpus: Math.max(1, lines.filter((line) => /^cpu\d/.test(line)).length),
    bootTimeS: after(lines, 'btime'),
    created: after(lines, 'processes'),
  };
}

function after(lines: readonly string[], key: string): number | undefined {
  const line = lines.find((candidate) => candidate.startsWith(`${key} `));
  return countOf(line?.slice(key.length + 1));
}
