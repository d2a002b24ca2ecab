import { Option } from 'commander';
import { LOG_LEVELS } from '../../base/log.ts';
import { addExamples } from '../example.ts';
import type { AddCommand } from '../invocation.ts';

interface HostOwnOptions {
  readonly socket?: string;
  readonly group?: string;
  readonly logLevel?: string;
}

/** `lastgood host`: the one process that touches the host, apart from `up`. */
export const addHost: AddCommand = (program, bind) => {
  addExamples(program.command('host'), [
    'host --config /etc/lastgood/lastgood.yaml --data /var/lib/lastgood-host',
  ])
    .description('run the privileged host runner that an unprivileged `up --host-socket` uses')
    .option('--socket <path>', 'where it listens', '/run/lastgood/host.sock')
    .option('--group <name>', 'the group that may use it', 'lastgood')
    .addOption(
      new Option('--log-level <level>', 'how much it logs (default warn)').choices(LOG_LEVELS),
    )
    .action(
      bind(
        async ({ options, env, signal }, own: HostOwnOptions) => {
          const { runHost } = await import('../../daemon/host/run-host.ts');
          return runHost({
            socket: own.socket ?? '/run/lastgood/host.sock',
            configFile: options.config,
            folder: options.data ?? '/var/lib/lastgood-host',
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
