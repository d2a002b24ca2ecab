/** A running FRR as it tells itself. */
export interface RunningConfig {
  /** Names of the daemons that answered, sorted; what one that is dead would tell is missing. */
  readonly daemons: string;
  /** The lines that are configuration, without comments. */
  readonly text: string;
  /** Lines that are the present program's and host's, and that a file for it must repeat. */
  readonly own: readonly string[];
}

/** The commands whose answers `readRunning` reads, in order. */
export const RUNNING_COMMANDS = ['show daemons', 'show running-config'] as const;

/** Printed before the configuration. */
const PREAMBLE = 'Current configuration:';

/**
 * The version changes with the program; the host name is the machine's wherever no daemon was told
 * another, and every network namespace has the same.
 */
const OWN_LINE = /^(frr version|hostname) /;

/** Reads what `vtysh` printed; undefined when that is something else, or not all of it. */
export function readRunning(printed: string): RunningConfig | undefined {
  const lines = printed.split('\n').map((line) => line.trimEnd());
  const [daemons = ''] = lines;
  const begin = lines.indexOf(PREAMBLE);
  const end = lines.indexOf('end', begin);
  if (begin < 1 || end < 0 || !/^( [a-z0-9]+)+$/.test(daemons)) return undefined;
  const kept = lines.slice(begin + 1, end).filter((line) => !/^\s*(!.*)?$/.test(line));
  const own = kept.filter((line) => OWN_LINE.test(line));
  const config = kept.filter((line) => !OWN_LINE.test(line));
  return {
    daemons: daemons.trim().split(' ').toSorted().join(' '),
    text: config.map((line) => `${line}\n`).join(''),
    own,
  };
}

/** A file that makes a running FRR what the text says, and leaves alone what is its own. */
export function fileFor(running: Pick<RunningConfig, 'own'>, text: string): string {
  return `${running.own.join('\n')}\n${text}`;
}

/** Whether the host forwards is its kernel's state, which a running FRR tells as its own. */
const FORWARDING = /^(?:no )?(ip|ipv6) forwarding$/;

/** What a file that FRR starts with says, with what it is silent about and a start leaves alone. */
export function startFile(running: RunningConfig, text: string): string {
  const said = new Set(text.split('\n').map((line) => FORWARDING.exec(line.trim())?.[1]));
  const silent = running.text.split('\n').filter((line) => {
    const family = FORWARDING.exec(line)?.[1];
    return family !== undefined && !said.has(family);
  });
  return fileFor(running, `${silent.map((line) => `${line}\n`).join('')}${text}`);
}

/** The first line in which two configurations differ, for a person. */
export function firstDifference(now: string, wanted: string): string | undefined {
  const [is, will] = [now.split('\n'), wanted.split('\n')];
  const at = will.findIndex((line, index) => line !== is[index]);
  if (at < 0) return undefined;
  return `line ${at + 1} is ${JSON.stringify(is[at] ?? '')}, not ${JSON.stringify(will[at])}`;
}
