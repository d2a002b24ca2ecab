import { join } from 'node:path';
import { LabFailure } from '../stage/lab-failure.ts';
import type { Part } from '../stage/part.ts';
import { waitUntil } from '../stage/wait-until.ts';
import { writeConfig } from '../stage/written-config.ts';
import { askWell } from './ask-http.ts';
import { inDc } from './data-center.ts';
import { ingestTokenFile } from './lastgood-place.ts';

const startTimeoutMs = 10_000;
const url = 'http://127.0.0.1:9093';

/** Passes alerts of Prometheus on to lastgood. */
export const alertmanager: Part = {
  name: 'alertmanager',
  summary: 'Alertmanager, whose webhook is a hook of lastgood',
  needs: ['namespaces'],
  programs: [
    { command: 'prometheus-alertmanager', debianPackage: 'prometheus-alertmanager' },
    { command: 'curl', debianPackage: 'curl' },
  ],
  start: async (stage) => {
    const configFile = join(stage.partFolder('etc'), 'alertmanager.yml');
    const tokenFile = ingestTokenFile(stage.folder);
    writeConfig(configFile, 'alertmanager.yml', { tokenFile });
    await stage.launch({
      ...inDc,
      name: 'alertmanager',
      command: [
        'prometheus-alertmanager',
        `--config.file=${configFile}`,
        `--storage.path=${stage.partFolder('data')}`,
        '--web.listen-address=127.0.0.1:9093',
        // Without this it would look for others of its kind on all addresses.
        '--cluster.listen-address=',
      ],
    });
    await waitUntil('Alertmanager is ready', startTimeoutMs, () =>
      askWell(stage, `${url}/-/ready`),
    );
  },
  check: async (stage) => {
    const status = await askWell(stage, `${url}/api/v2/status`);
    if (!status.includes('hooks/alertmanager')) {
      throw new LabFailure(`Alertmanager does not know the hook: ${status.slice(0, 200)}`);
    }
    const alerts: unknown = JSON.parse(await askWell(stage, `${url}/api/v2/alerts`));
    return `tells lastgood; holds ${Array.isArray(alerts) ? alerts.length : 0} alerts`;
  },
};
