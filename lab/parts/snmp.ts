import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Part } from '../stage/part.ts';
import type { Stage } from '../stage/stage.ts';
import { waitUntil } from '../stage/wait-until.ts';
import { writeConfig } from '../stage/written-config.ts';
import { routerNames, snmpPort, type RouterName } from './router-names.ts';

/** The traps go to the daemon in the data center, at its usual port. */
const trapSink = '10.10.0.10:1162';

/** An agent answers in 0.1 s; more means that it did not start. */
const startTimeoutMs = 5_000;

/** One SNMP agent in each router, with AgentX for the routing daemons to join. */
export const snmp: Part = {
  name: 'snmp',
  summary: 'an SNMP agent (net-snmp, AgentX) in each router, traps to the data center',
  needs: ['namespaces'],
  programs: [
    { command: 'snmpd', debianPackage: 'snmpd' },
    { command: 'snmpget', debianPackage: 'snmp' },
    { command: '/usr/lib/*/frr/modules/ospfd_snmp.so', debianPackage: 'frr-snmp' },
    { command: '/usr/lib/*/faketime/libfaketime.so.1', debianPackage: 'libfaketime' },
  ],
  start: async (stage) => {
    // The routing daemons read this file's name from their own: see routers.
    writeConfig(join(stage.partFolder(), 'frr.conf'), 'frr-agentx.conf');
    await Promise.all(routerNames.map((router) => startAgent(stage, router)));
  },
  check: async (stage) => {
    const names = await Promise.all(routerNames.map((router) => readName(stage, router)));
    return `agents answer as ${names.join(' and ')}`;
  },
};

async function startAgent(stage: Stage, router: RouterName): Promise<void> {
  const folder = stage.partFolder(router);
  const secret = randomBytes(12).toString('hex');
  const values = { router, trapSink, secret };
  const config = writeConfig(join(folder, 'snmpd.conf'), 'snmpd.conf', values);
  await stage.launch({
    name: router,
    namespace: router,
    command: ['snmpd', '-f', '-Lo', '-C', '-c', config],
    environment: { MIBS: '', SNMP_PERSISTENT_DIR: folder },
    hasOwnClock: true,
  });
  await waitUntil(`SNMP agent of ${router}`, startTimeoutMs, () => readName(stage, router));
}

async function readName(stage: Stage, router: RouterName): Promise<string> {
  const target = `127.0.0.1:${snmpPort}`;
  const line = ['-v2c', '-c', 'public', '-Oqv', '-t', '1', '-r', '0', target, '.1.3.6.1.2.1.1.5.0'];
  const answer = await stage.run(['snmpget', ...line], {
    namespace: router,
    environment: { MIBS: '' },
  });
  return answer.trim().replaceAll('"', '');
}
