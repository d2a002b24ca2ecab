import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabFailure } from '../stage/lab-failure.ts';
import type { Part } from '../stage/part.ts';
import type { Stage } from '../stage/stage.ts';
import { waitUntil } from '../stage/wait-until.ts';
import { writeConfig } from '../stage/written-config.ts';
import { routerNames, type RouterName } from './router-names.ts';

/** zebra comes first: the others speak to the kernel through it. */
const daemons = ['staticd', 'ospfd', 'bgpd'] as const;

/** ospfd notes its graceful restarts here, whatever namespace it is told. */
const gracefulFile = '/var/run/frr/ospfd-gr.json';

/** A vty socket is there in tenths of a second. */
const daemonTimeoutMs = 10_000;
/** OSPF with hello 1 s and BGP with keepalive 1 s find each other in a few seconds. */
const convergeTimeoutMs = 20_000;

/** Room for a day of their informational lines; small, so that it can be filled on purpose. */
const logDiskMegabytes = 4;

/** Two FRR routers with two links between them: OSPF over both, BGP over the first. */
export const routers: Part = {
  name: 'routers',
  summary: 'two FRR routers (zebra, OSPF, BGP) with two links between them',
  needs: ['namespaces'],
  after: ['snmp'],
  unprivileged: true,
  programs: [
    { command: '/usr/lib/frr/zebra', debianPackage: 'frr' },
    { command: 'vtysh', debianPackage: 'frr' },
  ],
  start: async (stage) => {
    const logs = await stage.mountSmallDisk('log', logDiskMegabytes);
    // Whoever reads logs on Debian is of group adm; with the set-group bit what FRR makes is too.
    await stage.run(['chown', 'frr:adm', logs]);
    await stage.run(['chmod', '2750', logs]);
    if (!existsSync(gracefulFile)) stage.claim({ kind: 'path', path: gracefulFile });
    await Promise.all(routerNames.map((router) => startRouter(stage, router, logs)));
    await waitUntil('routes from end to end', convergeTimeoutMs, () => routers.check(stage));
  },
  check: async (stage) => {
    const seen = await Promise.all(routerNames.map((router) => neighbors(stage, router)));
    // From beyond r1 to beyond r2, whatever the firewall before them thinks of it.
    const across = ['ping', '-q', '-c', '1', '-W', '1', '-I', '10.0.1.2', '10.10.0.10'] as const;
    await stage.run([...across], { namespace: 'r1' });
    return `${seen.join('; ')}; r1 reaches the data center`;
  },
  revive: async (stage, process) => {
    const router = process.startsWith('r1') ? 'r1' : 'r2';
    // What the others told a dead zebra they do not tell a new one.
    if (process === `${router}-zebra`) {
      await Promise.all(daemons.map((daemon) => stage.relaunch(`${router}-${daemon}`)));
    }
    await readConfig(stage, router);
    await waitUntil('routes from end to end', convergeTimeoutMs, () => routers.check(stage));
  },
};

async function startRouter(stage: Stage, router: RouterName, logs: string): Promise<void> {
  const name = stage.namespace(router);
  const [etc, run] = [`/etc/frr/${name}`, `/var/run/frr/${name}`];
  for (const path of [etc, run]) stage.claim({ kind: 'path', path });
  await stage.run(['mkdir', '-p', etc, run]);
  // With an agent in the router its daemons join it; SNMPCONFPATH tells them where it listens.
  const snmpFolder = join(stage.folder, 'snmp');
  const hasAgent = existsSync(join(snmpFolder, 'frr.conf'));
  writeConfig(join(etc, 'frr.conf'), `frr-${router}.conf`, {
    log: join(logs, `${router}.log`),
    agentx: hasAgent ? 'agentx' : '!',
  });
  writeFileSync(join(etc, 'vtysh.conf'), '');
  await stage.run(['chown', '-R', 'frr:frr', etc, run]);
  const start = async (daemon: string, ...more: readonly string[]): Promise<void> => {
    const agent = hasAgent && daemon !== 'staticd' ? ['-M', 'snmp'] : [];
    await stage.launch({
      name: `${router}-${daemon}`,
      namespace: router,
      command: [`/usr/lib/frr/${daemon}`, '-N', name, '-A', '127.0.0.1', ...more, ...agent],
      environment: hasAgent ? { SNMPCONFPATH: snmpFolder, MIBS: '' } : {},
    });
    await waitUntil(`${daemon} of ${router}`, daemonTimeoutMs, () =>
      existsSync(join(run, `${daemon}.vty`)) ? true : undefined,
    );
  };
  await start('zebra', '-s', '1048576');
  await Promise.all(daemons.map((daemon) => start(daemon)));
  await readConfig(stage, router);
}

/**
 * Has every daemon of the router take its part of the written configuration, once all listen: the
 * socket file of one that died is no sign of life.
 */
async function readConfig(stage: Stage, router: RouterName): Promise<void> {
  await waitUntil(`daemons of ${router}`, daemonTimeoutMs, () => assertDaemons(stage, router));
  await stage.run(['vtysh', '-N', stage.namespace(router), '-b'], { namespace: router });
}

function ask(stage: Stage, router: RouterName, command: string): Promise<string> {
  const vtysh = ['vtysh', '-N', stage.namespace(router), '-c', command] as const;
  return stage.run([...vtysh], { namespace: router });
}

async function assertDaemons(stage: Stage, router: RouterName): Promise<true> {
  const running = (await ask(stage, router, 'show daemons')).split(/\s+/);
  const dead = ['zebra', ...daemons].filter((daemon) => !running.includes(daemon));
  if (dead.length > 0) throw new LabFailure(`${router}: ${dead.join(', ')} does not run`);
  return true;
}

async function neighbors(stage: Stage, router: RouterName): Promise<string> {
  await assertDaemons(stage, router);
  const [ospf, bgp] = await Promise.all([
    ask(stage, router, 'show ip ospf neighbor'),
    ask(stage, router, 'show bgp ipv4 unicast summary established'),
  ]);
  const full = ospf.split('\n').filter((line) => / Full\//.test(line)).length;
  const established = /Total number of neighbors (\d+)/.exec(bgp)?.[1] ?? '0';
  if (full === 2 && established === '1') return `${router} has 2 OSPF neighbors and 1 BGP`;
  throw new LabFailure(`${router}: ${full} OSPF neighbors of 2, ${established} BGP of 1`);
}
