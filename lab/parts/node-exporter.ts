import { LabFailure } from '../stage/lab-failure.ts';
import type { Part } from '../stage/part.ts';
import { waitUntil } from '../stage/wait-until.ts';
import { askWell } from './ask-http.ts';
import { inDc } from './data-center.ts';

const startTimeoutMs = 10_000;
const url = 'http://127.0.0.1:9100/metrics';

/** The host's figures for Prometheus. */
export const nodeExporter: Part = {
  name: 'node-exporter',
  summary: "node-exporter with the host's figures and the data center's interfaces",
  needs: ['namespaces'],
  programs: [
    { command: 'prometheus-node-exporter', debianPackage: 'prometheus-node-exporter' },
    { command: 'curl', debianPackage: 'curl' },
  ],
  start: async (stage) => {
    await stage.launch({
      ...inDc,
      name: 'node-exporter',
      command: ['prometheus-node-exporter', '--web.listen-address=127.0.0.1:9100'],
    });
    await waitUntil('node-exporter answers', startTimeoutMs, () => askWell(stage, url));
  },
  check: async (stage) => {
    const metrics = await askWell(stage, url);
    const eth0 = /^node_network_up\{device="eth0"\} (\d)/m.exec(metrics)?.[1];
    if (eth0 === undefined) throw new LabFailure(`${url} does not know eth0 of the data center`);
    return `tells ${metrics.split('\n').length} lines; eth0 is ${eth0 === '1' ? 'up' : 'down'}`;
  },
};
