import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Part } from '../stage/part.ts';
import { waitUntil } from '../stage/wait-until.ts';
import { writeConfig } from '../stage/written-config.ts';
import { configFile, executable } from './lastgood-place.ts';

/** Where lastgood reads and writes what belongs to one network namespace alone. */
const hosts = ['fw', 'r1', 'r2'] as const;
const startTimeoutMs = 30_000;

/** A host runner of lastgood in the firewall and in each router. */
export const runners: Part = {
  name: 'runners',
  summary: "lastgood's host runners in firewall and routers, and its configuration",
  needs: ['namespaces'],
  // What lastgood changes a running FRR with.
  programs: [{ command: '/usr/lib/frr/frr-reload.py', debianPackage: 'frr-pythontools' }],
  start: async (stage) => {
    const folder = stage.partFolder();
    const config = writeConfig(configFile(stage.folder), '../lastgood.yaml', {
      stage: stage.folder,
      prefix: stage.prefix,
      lab: join(import.meta.dirname, '..'),
      node: process.execPath,
    });
    for (const host of hosts) {
      const place = ['--config', config, '--data', join(folder, `${host}-data`)];
      // The daemon that root starts becomes nobody, whose group this is.
      const role = ['host', '--name', host, '--group', 'nogroup'];
      const door = ['--socket', join(folder, host, 'host.sock')];
      await stage.launch({
        namespace: host,
        name: host,
        command: [process.execPath, executable, ...role, ...door, ...place],
      });
    }
    const sockets = hosts.map((host) => join(folder, host, 'host.sock'));
    await waitUntil('the host runners listen', startTimeoutMs, () =>
      sockets.every((socket) => existsSync(socket)) ? true : undefined,
    );
  },
  check: async (stage) => {
    const inside = hosts.map(async (host) => {
      const socket = join(stage.partFolder(), host, 'host.sock');
      // Connects as the daemon would; what the runner says to it lastgood itself judges.
      await stage.run([process.execPath, '-e', connectOnce, socket]);
    });
    await Promise.all(inside);
    return `${hosts.join(', ')} accept on their sockets`;
  },
};

const connectOnce = `require('node:net').connect(process.argv[1])
  .once('connect', () => process.exit(0)).once('error', () => process.exit(1))`;
