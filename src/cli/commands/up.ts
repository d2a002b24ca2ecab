import { Option } from 'commander';
import { LOG_LEVELS } from '../../base/log.ts';
import { defaultDataRoot } from '../../config/data-folder.ts';
import { addExamples } from '../example.ts';
import type { AddCommand } from '../invocation.ts';

interface UpOptions {
  readonly logLevel?: string;
  readonly hostSocket?: string;
}

/** `lastgood up`: the daemon. */
export const addUp: AddCommand = (program, bind) => {
  addExamples(program.command('up'), [
    'up',
    'up --config /etc/lastgood/lastgood.yaml --log-level info',
  ])
    .description('run the daemon; prints one line `ready <ui-url>` when every listener accepts')
    .addOption(
      new Option('--log-level <level>', 'how much it logs (default warn)').choices(LOG_LEVELS),
    )
    .option('--host-socket <path>', 'use the host runner that `lastgood host` runs there')
    .action(
      bind(
        async ({ options, env, signal, screen }, own: UpOptions) => {
          const { logLevel = 'warn', hostSocket = env['LASTGOOD_HOST_SOCKET'] } = own;
          const { runDaemon } = await import('../../daemon/run-daemon.ts');
          return runDaemon({
            dataRoot: options.data ?? defaultDataRoot(env, process.getuid?.() === 0),
            configFile: options.config,
            logLevel,
            hostSocket,
            env,
            signal,
            say: (line) => process.stdout.write(`${line}\n`),
            note: screen.note,
          });
        },
        { drains: true },
      ),
    );
};
