import { addExamples } from '../example.ts';
import type { AddCommand } from '../invocation.ts';
import { logLevelOption } from '../log-level.ts';

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
    .addOption(logLevelOption())
    .action(
      bind(
        async ({ options, env, signal }, own: HostOwnOptions) => {
          const { runHost, requireLevel } = await import('../../daemon/host/run-host.ts');
          return runHost({
            socket: own.socket ?? '/run/lastgood/host.sock',
            configFile: options.config,
            folder: options.data ?? '/var/lib/lastgood-host',
            group: own.group ?? 'lastgood',
            logLevel: requireLevel(own.logLevel ?? 'warn'),
            env,
            signal,
            say: (line) => process.stdout.write(`${line}\n`),
          });
        },
        { drains: true },
      ),
    );
};
