import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabFailure } from '../stage/lab-failure.ts';
import type { Part } from '../stage/part.ts';
import { waitUntil } from '../stage/wait-until.ts';
import { writeConfig } from '../stage/written-config.ts';
import { inDc } from './data-center.ts';
import { ingestTokenFile } from './lastgood-place.ts';

const plugins = '/usr/lib/nagios/plugins';
/** Nagios spreads its first checks over some seconds. */
const startTimeoutMs = 20_000;

/** Checks the shop as an older monitoring does; its event handler tells lastgood. */
export const nagios: Part = {
  name: 'nagios',
  summary: 'Nagios, whose event handler tells lastgood',
  needs: ['namespaces'],
  // Before there is a shop it would only tell that there is none.
  after: ['services'],
  programs: [
    { command: 'nagios4', debianPackage: 'nagios4-core' },
    { command: `${plugins}/check_http`, debianPackage: 'monitoring-plugins-basic' },
    { command: 'curl', debianPackage: 'curl' },
  ],
  start: async (stage) => {
    const folder = stage.partFolder();
    for (const name of ['rw', 'results']) mkdirSync(join(folder, name), { recursive: true });
    const notify = join(import.meta.dirname, '../../integrations/nagios/lastgood-notify');
    const values = { folder, plugins, notify, tokenFile: ingestTokenFile(stage.folder) };
    const config = join(folder, 'nagios.cfg');
    writeConfig(config, 'nagios.cfg', values);
    writeConfig(join(folder, 'objects.cfg'), 'nagios-objects.cfg', values);
    await stage.run(['nagios4', '-v', config], inDc);
    await stage.launch({ ...inDc, name: 'nagios', command: ['nagios4', config] });
    await waitUntil('Nagios has checked', startTimeoutMs, () =>
      services(folder).every(({ hasBeenChecked }) => hasBeenChecked) ? true : undefined,
    );
  },
  check: async (stage) => {
    const seen = services(stage.partFolder());
    const stale = seen.find(({ checkedAt }) => Date.now() - checkedAt > freshMs);
    if (stale) throw new LabFailure(`Nagios last checked ${stale.name} at ${stale.checkedAt}`);
    return seen.map(({ name, output }) => `${name}: ${output}`).join('; ');
  },
};

/** Checks come every three seconds; one ten times older is not coming. */
const freshMs = 30_000;

type CheckedService = {
  readonly name: string;
  readonly output: string;
  readonly hasBeenChecked: boolean;
  readonly checkedAt: number;
};

/** The services of `status.dat`, which Nagios writes anew each second. */
function services(folder: string): readonly CheckedService[] {
  const text = readFileSync(join(folder, 'status.dat'), 'utf8');
  const found = text.split(/^servicestatus \{$/m).slice(1);
  if (found.length === 0) throw new LabFailure(`${folder}/status.dat tells of no service`);
  return found.map((block) => {
    const field = (name: string): string =>
      new RegExp(`^\\t${name}=(.*)$`, 'm').exec(block)?.[1] ?? '';
    return {
      name: field('service_description'),
      output: field('plugin_output'),
      hasBeenChecked: field('has_been_checked') === '1',
      checkedAt: Number(field('last_check')) * 1_000,
    };
  });
}
