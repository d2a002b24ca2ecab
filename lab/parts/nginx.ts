import { join } from 'node:path';
import { LabFailure } from '../stage/lab-failure.ts';
import type { Part } from '../stage/part.ts';
import type { Stage } from '../stage/stage.ts';
import type { Command } from '../stage/thing.ts';
import { waitUntil } from '../stage/wait-until.ts';
import { writeConfig } from '../stage/written-config.ts';
import { askHttp } from './ask-http.ts';
import { makeCertificates, trustFile } from './certificate.ts';
import { dcAddress, inDc, shopUrl } from './data-center.ts';

/** Routers that have just met need some seconds to agree on the way to the client. */
const startTimeoutMs = 40_000;

/** What nginx answers when it does not reach the one it passes requests on to. */
const badGateway = 502;

/** The shop's front door. */
export const nginx: Part = {
  name: 'nginx',
  summary: 'nginx, where customers reach the shop over TLS; passes on to HAProxy',
  needs: ['namespaces', 'firewall', 'routers', 'haproxy'],
  programs: [
    { command: 'nginx', debianPackage: 'nginx-light' },
    { command: 'openssl', debianPackage: 'openssl' },
    { command: 'curl', debianPackage: 'curl' },
  ],
  start: async (stage) => {
    const folder = stage.partFolder();
    stage.partFolder('log');
    stage.partFolder('etc');
    await makeCertificates(stage);
    writeConfig(nginxConfig(stage), 'nginx.conf', { folder, address: dcAddress });
    await stage.run(nginxCheck(stage), inDc);
    await stage.launch({ ...inDc, name: 'nginx', command: nginxCommand(stage) });
    await waitUntil('the client reaches the shop', startTimeoutMs, () => nginx.check(stage));
  },
  check: async (stage) => {
    const options = { namespace: 'cli', trust: trustFile(stage) };
    const { status } = await askHttp(stage, `${shopUrl}/healthz`, options);
    if (status === badGateway) throw new LabFailure('nginx does not reach HAProxy');
    return `answers ${status} to the client, over TLS`;
  },
};

/** The configuration it is started with. */
export const nginxConfig = ({ folder }: Pick<Stage, 'folder'>): string =>
  join(folder, 'nginx', 'etc', 'nginx.conf');

/** The command by which nginx itself judges its files. */
export const nginxCheck = (stage: Pick<Stage, 'folder'>): Command => [
  ...nginxCommand(stage),
  '-t',
  '-q',
];

function nginxCommand(stage: Pick<Stage, 'folder'>): Command {
  const folder = join(stage.folder, 'nginx');
  const log = join(folder, 'log', 'error.log');
  return ['nginx', '-p', folder, '-e', log, '-c', nginxConfig(stage)];
}
