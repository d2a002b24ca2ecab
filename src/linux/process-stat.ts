/** What matters here of /proc/PID/stat. */
export interface ProcessStat {
  readonly pid: number;
  /** The kernel's short name of it. */
  readonly name: string;
  /** One letter: `Z` for one that ended and was not collected. */
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** 0: it has no terminal, so nobody sits at it. */
  readonly terminal: number;
  /** Clock ticks from boot to its start: with the pid it names a process once and for all. */
  readonly startedTicks: number;
}

/** A clock tick of `startedTicks`: fixed in the kernel's interface, see sysconf(3) and times(2). */
export const TICK_MS = 10;

/** Parses proc_pid_stat(5); undefined when it has another form. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  // The name stands in parentheses and may hold parentheses and spaces itself.
  const [open, close] = [text.indexOf('('), text.lastIndexOf(')')];
  const rest = text.slice(close + 2).split(' ');
  const numbers = [text.slice(0, open), rest[1], rest[2], rest[3], rest[4], rest[19]].map(Number);
  const [pid = NaN, parent = NaN, group = NaN, session = NaN, terminal = NaN, startedTicks = NaN] =
    numbers;
  if (open < 0 || close < open || numbers.some((value) => !Number.isSafeInteger(value))) {
    return undefined;
  }
  const name = text.slice(open + 1, close);
  return { pid, name, state: rest[0] ?? '', parent, group, session, terminal, startedTicks };
}

/** The words of /proc/PID/cmdline, proc_pid_cmdline(5); [] for threads of the kernel. */
export function parseCommandLine(text: string): readonly string[] {
  return text.split('\0').filter((word) => word !== '');
}
