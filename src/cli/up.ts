import { defaultDataRoot } from '../config/data-folder.ts';
import type { AddCommand } from './invocation.ts';

interface UpOptions {
  readonly logLevel?: string;
}

/** `lastgood up`: the daemon. */
export const addUp: AddCommand = (program, bind) => {
  program
    .command('up')
    .description('run the daemon; prints one line `ready <ui-url>` when every listener accepts')
    .option('--log-level <level>', 'debug, info, warn, error or silent (default warn)')
    .action(
      bind(async ({ options, env, signal, screen }, { logLevel = 'warn' }: UpOptions) => {
        const { runDaemon } = await import('../daemon/run-daemon.ts');
        return runDaemon({
          dataRoot: options.data ?? defaultDataRoot(env, process.getuid?.() === 0),
          configFile: options.config,
          logLevel,
          env,
          signal,
          say: (line) => process.stdout.write(`${line}\n`),
          note: screen.note,
        });
      }),
    );
};
