/** One running program, as /proc tells. */
export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  /** 0: it has no terminal, so nobody sits at it. */
  readonly terminal: number;
  /** Clock ticks from boot to its start. */
  readonly startedTicks: number;
  /** The kernel's short name of it. */
  readonly name: string;
  /** Its words; [] for threads of the kernel. */
  readonly words: readonly string[];
}

/** Joins /proc/PID/stat and /proc/PID/cmdline (proc(5)); undefined when they have another form. */
export function parseProcess(stat: string, commandLine: string): RunningProcess | undefined {
  // The name stands in parentheses and may hold parentheses and spaces itself.
  const [open, close] = [stat.indexOf('('), stat.lastIndexOf(')')];
  const rest = stat.slice(close + 2).split(' ');
  const numbers = [stat.slice(0, open), rest[1], rest[3], rest[4], rest[19]].map(Number);
  const [pid = NaN, parent = NaN, session = NaN, terminal = NaN, startedTicks = NaN] = numbers;
  if (open < 0 || close < open || numbers.some((value) => !Number.isSafeInteger(value))) {
    return undefined;
  }
  const words = commandLine.split('\0').filter((word) => word !== '');
  const name = stat.slice(open + 1, close);
  return { pid, parent, session, terminal, startedTicks, name, words };
}

/** What people call a program: `nginx`, also where it renamed itself to `nginx: master process`. */
export function programName({ name, words }: Pick<RunningProcess, 'name' | 'words'>): string {
  const first = (words[0] ?? '').replace(/^-/, '').split(' ')[0] ?? '';
  const base = first.slice(first.lastIndexOf('/') + 1).replace(/:+$/, '');
  return base === '' ? name : base;
}

/** Programs that keep others running: their children are services. */
const SUPERVISORS = new Set([
  'supervisord',
  'runsv',
  's6-supervise',
  'containerd-shim-runc-v2',
  'conmon',
  'monit',
  'pm2',
  'tini',
  'dumb-init',
]);

/** Older than this a program is no passing job; systemd calls a start slow after 90 s. */
export const LONG_LIVED_MS = 60_000;

/** The kernel counts start times in USER_HZ, which is 100 on every architecture Linux has today. */
const TICK_MS = 10;

/**
 * The services of a host without systemd: old enough, without a terminal, and set apart from
 * whoever started them (a session of their own, init or a supervisor above them).
 */
export function longLived(
  processes: readonly RunningProcess[],
  uptimeMs: number,
  own: ReadonlySet<number>,
): readonly RunningProcess[] {
  const byPid = new Map(processes.map((one) => [one.pid, one]));
  return processes.filter((one) => {
    const above = byPid.get(one.parent);
    const isSupervised = above !== undefined && SUPERVISORS.has(programName(above));
    const isApart = one.parent <= 1 || one.session === one.pid || isSupervised;
    const isOld = uptimeMs - one.startedTicks * TICK_MS >= LONG_LIVED_MS;
    return one.words.length > 0 && one.terminal === 0 && isApart && isOld && !own.has(one.pid);
  });
}
