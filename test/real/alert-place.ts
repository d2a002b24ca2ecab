import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { member, type RealDaemon } from '../place/real-daemon.ts';
import { freePorts } from '../place/free-ports.ts';
import { until } from '../place/until.ts';

/** A daemon that hears alerts, and what a sender needs to reach it. */
export interface AlertPlace {
  readonly url: string;
  readonly tokenFile: string;
  /** Every alert on the timeline, oldest first. */
  alerts(): Promise<readonly unknown[]>;
  /** Waits until the trigger is in a state. */
  untilTrigger(state: string): Promise<void>;
  /** The components of the first incident. */
  untilIncident(): Promise<readonly string[]>;
}

/** Starts a daemon with one component and one trigger on alerts of a name. */
export async function alertPlace(daemon: RealDaemon, alertname: string): Promise<AlertPlace> {
  const [ui = 0] = await freePorts(1);
  await daemon.start(`version: 1
listen:
  { ui: "127.0.0.1:${ui}", otlpHttp: false, otlpGrpc: false, syslogUdp: false, syslogTcp: false }
sources: []
components: [ { name: shop } ]
triggers:
  - { name: told, signal: alert, match: { alertname: ${JSON.stringify(alertname)} } }
checkpoints: { schedule: false }
`);
  const made = await daemon.run(['token', 'create', '--role', 'ingest']);
  if (made.code !== 0) throw new Error(made.complaint);
  const tokenFile = join(daemon.folder, 'ingest.token');
  await fs.writeFile(tokenFile, `${String(member(made.printed[0], 'token'))}\n`, { mode: 0o600 });
  const url = `http://127.0.0.1:${ui}`;
  const admin = await fs.readFile(join(daemon.folder, 'data', 'admin.token'), 'utf8');
  const ask = async (path: string, name: string): Promise<readonly unknown[]> => {
    const headers = { authorization: `Bearer ${admin.trim()}` };
    const answer = await fetch(`${url}/api/v1/${path}`, { headers });
    const list = member(await answer.json(), name);
    return Array.isArray(list) ? list : [];
  };
  return {
    url,
    tokenFile,
    alerts: () => ask('timeline?kind=alert&order=oldest&limit=1000', 'records'),
    async untilTrigger(state) {
      await until(`the trigger ${state}`, async () => {
        const states = (await ask('triggers', 'triggers')).map((one) => member(one, 'state'));
        return states.length > 0 && states.every((one) => one === state) ? true : undefined;
      });
    },
    async untilIncident() {
      const incident = await until('an incident', async () => {
        const [first] = await ask('incidents', 'incidents');
        return first;
      });
      const components = member(incident, 'components');
      return Array.isArray(components) ? components.map(String) : [];
    },
  };
}
