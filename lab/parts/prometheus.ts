import { join } from 'node:path';
import { LabFailure } from '../stage/lab-failure.ts';
import type { Part } from '../stage/part.ts';
import { waitUntil } from '../stage/wait-until.ts';
import { writeConfig } from '../stage/written-config.ts';
import { askWell } from './ask-http.ts';
import { inDc } from './data-center.ts';

const startTimeoutMs = 15_000;
const url = 'http://127.0.0.1:9090';

/** Measures the shop from outside its own telemetry. */
export const prometheus: Part = {
  name: 'prometheus',
  summary: 'Prometheus over HAProxy and the host, with alert rules',
  needs: ['namespaces', 'node-exporter'],
  // Before there is a shop it would only tell that there is none.
  after: ['services'],
  programs: [
    { command: 'prometheus', debianPackage: 'prometheus' },
    { command: 'curl', debianPackage: 'curl' },
  ],
  start: async (stage) => {
    const etc = stage.partFolder('etc');
    for (const name of ['prometheus.yml', 'prometheus-rules.yml']) {
      writeConfig(join(etc, name), name);
    }
    await stage.launch({
      ...inDc,
      name: 'prometheus',
      command: [
        'prometheus',
        `--config.file=${join(etc, 'prometheus.yml')}`,
        `--storage.tsdb.path=${stage.partFolder('data')}`,
        '--storage.tsdb.retention.time=1d',
        '--web.listen-address=127.0.0.1:9090',
      ],
    });
    await waitUntil('Prometheus has measured the host', startTimeoutMs, async () =>
      (await isNodeUp(stage)) ? true : undefined,
    );
  },
  check: async (stage) => {
    if (!(await isNodeUp(stage))) throw new LabFailure('Prometheus does not see the node up');
    const rules = await askWell(stage, `${url}/api/v1/rules`);
    const count = rules.split('"type":"alerting"').length - 1;
    return `measures the node and judges ${count} rules`;
  },
};

async function isNodeUp(stage: Parameters<Part['check']>[0]): Promise<boolean> {
  const answer = await askWell(stage, `${url}/api/v1/query?query=up%7Bjob%3D%22node%22%7D`);
  return /"value":\[[\d.]+,"1"\]/.test(answer);
}
