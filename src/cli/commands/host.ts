import { Option } from 'commander';
import { LOG_LEVELS } from '../../base/log.ts';
import { addExamples } from '../example.ts';
import type { AddCommand } from '../invocation.ts';

interface HostOwnOptions {
  readonly name?: string;
  readonly socket?: string;
  readonly group?: string;
  readonly logLevel?: string;
}

/** `lastgood host`: the one process that touches the host, apart from `up`. */
export const addHost: AddCommand = (program, bind) => {
  addExamples(program.command('host'), [
    'host --config /etc/lastgood/lastgood.yaml --data /var/lib/lastgood-host',
    'host --name fw --config /etc/lastgood/lastgood.yaml',
  ])
    .description('run the privileged host runner that an unprivileged `up --host-socket` uses')
    .option('--name <host>', 'which of `hosts` in the configuration it is')
    .option(
      '--socket <path>',
      'where it listens (default: what `hosts` says of its name, else /run/lastgood/host.sock)',
    )
    .option('--group <name>', 'the group that may use it', 'lastgood')
    .addOption(
      new Option('--log-level <level>', 'how much it logs (default warn)').choices(LOG_LEVELS),
    )
    .action(
      bind(
        async ({ options, env, signal }, own: HostOwnOptions) => {
          const { runHost } = await import('../../daemon/host/run-host.ts');
          const { name } = own;
          const behind = name === undefined ? '' : `-${name}`;
          return runHost({
            socket: own.socket,
            host: name,
            configFile: options.config,
            // Each runner has a key, a fence and notes of its own.
            folder: options.data ?? `/var/lib/lastgood-host${behind}`,
            group: own.group ?? 'lastgood',
            logLevel: own.logLevel ?? 'warn',
            env,
            signal,
            say: (line) => process.stdout.write(`${line}\n`),
          });
        },
        { drains: true },
      ),
    );
};
