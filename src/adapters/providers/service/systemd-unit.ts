import { homedir } from 'node:os';
import { join } from 'node:path';
import { hideSecrets } from '../../../model/checkpoint/secret-text.ts';
import { systemctl } from './service-commands.ts';
import type { Running } from './service-image.ts';
import type { ServiceSpec } from './service-spec.ts';

/** Where the operator's own unit files and drop-ins lie; other folders belong to packages. */
function ownFolder({ user }: ServiceSpec): string {
  return user ? join(homedir(), '.config/systemd/user') : '/etc/systemd/system';
}

/** Makes systemd read unit files that changed. */
export function reloadCommand(spec: ServiceSpec): readonly string[] {
  return systemctl(spec, 'daemon-reload');
}

const PROPERTIES = [
  'LoadState',
  'ActiveState',
  'SubState',
  'UnitFileState',
  'FragmentPath',
  'DropInPaths',
  'NeedDaemonReload',
  'MainPID',
  'ExecMainStartTimestamp',
  'Result',
  'Environment',
  'EnvironmentFiles',
];

/** What systemd says about a unit; see org.freedesktop.systemd1(5) for the properties. */
export interface UnitFacts {
  readonly running: Running;
  /** `enabled`, `disabled`, `masked`, `static`, …; `not-found` when there is no such unit. */
  readonly enabled: string;
  /** systemd has not read the unit files as they are now. */
  readonly isOutdated: boolean;
  /** Whether its settings within unit files sound like secrets. */
  readonly holdsSecrets: boolean;
  /** Unit files and drop-ins outside of the operator's own folder. */
  readonly packaged: readonly string[];
  readonly environmentFiles: readonly string[];
  /** What passes by and is not compared: sub-state, last result, main process and its start. */
  readonly passing: string;
}

/** Asks for the facts of a unit. */
export function showCommand(spec: ServiceSpec, unit: string): readonly string[] {
  return systemctl(spec, 'show', `--property=${PROPERTIES.join(',')}`, '--', unit);
}

/** Reads what `showCommand` printed; undefined when it is something else. */
export function readUnitFacts(text: string, spec: ServiceSpec): UnitFacts | undefined {
  const facts = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    if (at <= 0) continue;
    const name = line.slice(0, at);
    facts.set(name, [...(facts.get(name) ?? []), line.slice(at + 1)]);
  }
  const first = (name: string): string => facts.get(name)?.[0] ?? '';
  const active = first('ActiveState');
  const load = first('LoadState');
  if (active === '' || load === '') return undefined;
  const files = [first('FragmentPath'), ...words(first('DropInPaths'))];
  const environment = (facts.get('Environment') ?? []).join('\n');
  return {
    running: active === 'active' || active === 'reloading' ? 'running' : 'stopped',
    enabled: load === 'not-found' ? 'not-found' : first('UnitFileState') || 'none',
    isOutdated: first('NeedDaemonReload') === 'yes',
    // Settings of a unit that is not loaded are not told.
    holdsSecrets: load !== 'loaded' || hideSecrets(environment) !== environment,
    packaged: files.filter(
      (path) => path.startsWith('/') && !path.startsWith(`${ownFolder(spec)}/`),
    ),
    environmentFiles: (facts.get('EnvironmentFiles') ?? []).flatMap((line) =>
      line.startsWith('/') ? [line.replace(/ \(ignore_errors=\w+\)$/, '')] : [],
    ),
    passing: passingWords(first),
  };
}

function passingWords(first: (name: string) => string): string {
  const said = [`${first('ActiveState')} (${first('SubState')})`];
  if (first('Result') !== '' && first('Result') !== 'success') said.push(first('Result'));
  const pid = first('MainPID');
  if (pid !== '' && pid !== '0') {
    said.push(`main process ${pid} since ${first('ExecMainStartTimestamp') || 'an unknown time'}`);
  }
  return said.join(', ');
}

/** The operator's own files of a unit and of the template it is made from. */
export function ownUnitFiles(spec: ServiceSpec, unit: string): readonly string[] {
  const folder = ownFolder(spec);
  const template = unit.replace(/@.+(?=\.[^.]+$)/, '@');
  return [...new Set([unit, template])].flatMap((name) => [
    `${folder}/${name}`,
    `${folder}/${name}.d`,
  ]);
}

/** What makes a unit start with the host or not; [] when no command leads there. */
export function enableCommands(
  spec: ServiceSpec,
  unit: string,
  now: string,
  wanted: string,
): readonly (readonly string[])[] {
  const unmask = now.startsWith('masked') ? [systemctl(spec, 'unmask', '--', unit)] : [];
  switch (wanted) {
    case 'enabled':
      return [...unmask, systemctl(spec, 'enable', '--', unit)];
    case 'disabled':
      return [...unmask, systemctl(spec, 'disable', '--', unit)];
    case 'masked':
      return [systemctl(spec, 'mask', '--', unit)];
    default:
      // `static`, `indirect` and the like are what the unit file says, not what a command sets.
      return unmask;
  }
}

function words(text: string): readonly string[] {
  return text.split(' ').filter((word) => word !== '');
}
