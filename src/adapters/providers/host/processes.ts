import {
  parseCommandLine,
  parseProcessStat,
  TICK_MS,
  type ProcessStat,
} from '../../../linux/process-stat.ts';

/** One running program, as /proc tells. */
export interface RunningProcess extends ProcessStat {
  /** Its words; [] for threads of the kernel. */
  readonly words: readonly string[];
}

/** Joins /proc/PID/stat and /proc/PID/cmdline; undefined when they have another form. */
export function runningProcess(stat: string, commandLine: string): RunningProcess | undefined {
  const parsed = parseProcessStat(stat);
  return parsed === undefined ? undefined : { ...parsed, words: parseCommandLine(commandLine) };
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
