import { join } from 'node:path';
import { LabFailure } from '../stage/lab-failure.ts';
import type { Part } from '../stage/part.ts';
import type { Stage } from '../stage/stage.ts';
import type { Command } from '../stage/thing.ts';
import { waitUntil } from '../stage/wait-until.ts';
import { writeConfig } from '../stage/written-config.ts';
import { askNetconf } from './netconf-session.ts';
import { routerAddress } from './router-names.ts';
import { sshCommand, sshPrograms, startSshServer, type SshServer } from './ssh-server.ts';

/** The server insists on one number for its own port and that of the SSH server before it. */
const port = 26_831;

const server: SshServer = {
  namespace: 'r1',
  address: routerAddress.r1,
  port,
  purpose: 'a NETCONF device',
  behind: '',
};

const startTimeoutMs = 15_000;

/** One that was killed leaves its socket `$0` behind, beside which no other starts. */
const removeFirst = 'rm -f "$0" && exec "$@"';

/** A switch beside r1 that speaks NETCONF with confirmed commits (netconfd, own YANG). */
export const netconf: Part = {
  name: 'netconf',
  summary: 'a device that speaks NETCONF with candidate and confirmed commit (netconfd)',
  needs: ['routers'],
  programs: [...sshPrograms, { command: 'netconfd', debianPackage: 'netconfd' }],
  start: async (stage) => {
    const folder = stage.partFolder();
    const socket = join(folder, 'ncx.sock');
    writeConfig(join(folder, 'lg-device.yang'), 'lg-device.yang');
    const startup = writeConfig(join(folder, 'startup-cfg.xml'), 'lg-device-startup.xml');
    await stage.launch({
      name: 'netconfd',
      namespace: server.namespace,
      command: [
        'sh',
        '-c',
        removeFirst,
        socket,
        'netconfd',
        `--startup=${startup}`,
        // What it starts with is a configuration of its own: nothing is saved by a mere commit.
        '--with-startup=true',
        '--module=lg-device',
        `--modpath=${folder}:/usr/share/yuma/modules`,
        '--superuser=root',
        `--port=${port}`,
        `--ncxserver-sockname=${socket}`,
      ],
      environment: { HOME: folder },
    });
    const subsystem = `/usr/sbin/netconf-subsystem --ncxserver-sockname=${port}@${socket}`;
    await startSshServer(stage, { ...server, behind: `Subsystem netconf "${subsystem}"` });
    await waitUntil('NETCONF device', startTimeoutMs, () => netconf.check(stage));
  },
  check: async (stage) => {
    const operation = '<get-config><source><running/></source></get-config>';
    const config = await askNetconf(wayToDevice(stage), operation);
    const hostname = /<hostname>([^<]*)<\/hostname>/.exec(config)?.[1];
    if (hostname !== undefined) return `get-config answers hostname ${hostname}`;
    throw new LabFailure(`NETCONF device: get-config answers ${JSON.stringify(config)}`);
  },
};

/** The command that leads to the device, from the data center. */
export function wayToDevice(stage: Stage): Command {
  const enter = ['netns', 'exec', stage.namespace('dc')];
  return ['ip', ...enter, ...sshCommand(join(stage.folder, netconf.name), server, '-s'), 'netconf'];
}
