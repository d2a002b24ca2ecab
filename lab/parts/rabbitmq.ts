import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabFailure } from '../stage/lab-failure.ts';
import type { Part } from '../stage/part.ts';
import type { Stage } from '../stage/stage.ts';
import type { Command } from '../stage/thing.ts';
import { waitUntil } from '../stage/wait-until.ts';
import { writeConfig } from '../stage/written-config.ts';
import { askWell, type AskOptions } from './ask-http.ts';
import { inDc } from './data-center.ts';

/** The slowest of all: eleven seconds on an idle machine, so others never wait for it. */
const startTimeoutMs = 60_000;
const api = 'http://127.0.0.1:15672/api';
const asGuest: AskOptions = { user: 'guest:guest' };

/** The shop's order events. The shop sells without it. */
export const rabbitmq: Part = {
  name: 'rabbitmq',
  summary: 'RabbitMQ in the data center, which takes its time and which nobody waits for',
  needs: ['namespaces'],
  programs: [
    { command: '/usr/lib/rabbitmq/bin/rabbitmq-server', debianPackage: 'rabbitmq-server' },
    { command: 'epmd', debianPackage: 'erlang-base' },
    { command: 'curl', debianPackage: 'curl' },
  ],
  start: async (stage) => {
    const folder = stage.partFolder();
    const configFile = join(stage.partFolder('etc'), 'rabbitmq.conf');
    const pluginsFile = join(folder, 'etc', 'enabled_plugins');
    writeConfig(configFile, 'rabbitmq.conf');
    writeFileSync(pluginsFile, '[rabbitmq_management].\n');
    for (const name of ['mnesia', 'log', 'home']) stage.partFolder(name);
    await stage.run(['chown', '-R', 'rabbitmq:rabbitmq', folder]);
    const environment = {
      ...node(stage),
      RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_PID_FILE: join(folder, 'rabbitmq.pid'),
      RABBITMQ_CONFIG_FILE: configFile,
      RABBITMQ_ENABLED_PLUGINS_FILE: pluginsFile,
    };
    const asOwner = { ...inDc, user: 'rabbitmq', environment };
    // Erlang would start its name server by itself, unrecorded, and leave it behind.
    await stage.launch({ ...asOwner, name: 'epmd', command: ['epmd'] });
    const command = ['/usr/lib/rabbitmq/bin/rabbitmq-server'] as const;
    await stage.launch({ ...asOwner, name: 'rabbitmq', command });
    await waitUntil('RabbitMQ answers', startTimeoutMs, async () => {
      await askWell(stage, `${api}/overview`, asGuest);
      return true;
    });
  },
  check: async (stage) => {
    const queue = `${api}/queues/%2f/lab-check`;
    await askWell(stage, queue, { ...asGuest, method: 'PUT', body: { auto_delete: true } });
    await askWell(stage, `${api}/exchanges/%2f/amq.default/publish`, {
      ...asGuest,
      method: 'POST',
      body: {
        routing_key: 'lab-check',
        payload: 'seen',
        payload_encoding: 'string',
        properties: {},
      },
    });
    const got = await askWell(stage, `${queue}/get`, {
      ...asGuest,
      method: 'POST',
      body: { count: 10, ackmode: 'ack_requeue_false', encoding: 'auto' },
    });
    if (!got.includes('"seen"')) throw new LabFailure(`RabbitMQ delivered ${got.slice(0, 200)}`);
    return 'delivers a message';
  },
};

/** By what RabbitMQ and its tools know each other; the cookie lies in this home. */
const node = ({ folder }: Pick<Stage, 'folder'>) => ({
  HOME: join(folder, 'rabbitmq', 'home'),
  ERL_EPMD_ADDRESS: '127.0.0.1',
  RABBITMQ_NODENAME: 'lab@localhost',
});

/** The words before a command of RabbitMQ's own tool. */
export function rabbitmqctl(stage: Stage): Command {
  const environment = Object.entries(node(stage)).map(([name, value]) => `${name}=${value}`);
  const enter = ['netns', 'exec', stage.namespace(inDc.namespace)];
  const asOwner = ['setpriv', '--reuid', 'rabbitmq', '--regid', 'rabbitmq', '--init-groups', '--'];
  const tool = '/usr/lib/rabbitmq/bin/rabbitmqctl';
  return ['ip', ...enter, 'env', ...environment, ...asOwner, tool];
}
