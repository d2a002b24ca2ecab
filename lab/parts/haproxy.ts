import { join } from 'node:path';
import { LabFailure } from '../stage/lab-failure.ts';
import type { Part } from '../stage/part.ts';
import { waitUntil } from '../stage/wait-until.ts';
import { writeConfig } from '../stage/written-config.ts';
import { askHttp, askWell } from './ask-http.ts';
import { inDc, balancerUrl } from './data-center.ts';

const startTimeoutMs = 10_000;

/** Spreads the shop's requests over its servers, behind the TLS front. */
export const haproxy: Part = {
  name: 'haproxy',
  summary: 'HAProxy in front of the shop, its log sent as syslog',
  needs: ['namespaces'],
  programs: [
    { command: 'haproxy', debianPackage: 'haproxy' },
    { command: 'curl', debianPackage: 'curl' },
  ],
  start: async (stage) => {
    const folder = stage.partFolder();
    const configFile = join(stage.partFolder('etc'), 'haproxy.cfg');
    writeConfig(configFile, 'haproxy.cfg', { folder });
    await stage.run(['haproxy', '-c', '-q', '-f', configFile], inDc);
    await stage.launch({
      ...inDc,
      name: 'haproxy',
      // The master stays in the foreground; SIGUSR2 makes it read its configuration again.
      command: ['haproxy', '-W', '-db', '-f', configFile, '-p', join(folder, 'haproxy.pid')],
    });
    await waitUntil('HAProxy answers', startTimeoutMs, async () => {
      await askHttp(stage, `${balancerUrl}/healthz`);
      return true;
    });
  },
  check: async (stage) => {
    const { status } = await askHttp(stage, `${balancerUrl}/healthz`);
    const metrics = await askWell(stage, 'http://127.0.0.1:8404/metrics');
    const servers = /^haproxy_backend_active_servers\{proxy="checkout"\} (\d+)/m.exec(metrics)?.[1];
    if (servers === undefined) throw new LabFailure('HAProxy knows no backend checkout');
    return `answers ${status} with ${servers} server for checkout`;
  },
};
