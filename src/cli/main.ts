import { Command, CommanderError } from 'commander';
import { LastgoodError, messageOf, type ExitCode } from '../base/error.ts';
import { lgError } from '../model/errors/lg-error.ts';
import { COMMANDS } from './commands.ts';
import type { Bind, GlobalOptions } from './invocation.ts';
import { endOnClosedPipe, processScreen } from './screen.ts';
import { version } from '../config/version.ts';

const program = new Command('lastgood')
  .description('What is broken, since when, what changed, and back to the last good state.')
  .version(version())
  .option('--config <file>', 'configuration (default: ./lastgood.yaml, then /etc/lastgood/)')
  .option('--data <dir>', 'data directory (default: $LASTGOOD_DATA, else your XDG data directory)')
  .option('--url <url>', 'address of a remote daemon')
  .option('--token-file <file>', 'file with the access token for --url')
  .option('--json', 'print one JSON document, or one a line for streams')
  .option('--quiet', 'print results only')
  .option('--no-color', 'print without colors')
  .showHelpAfterError('See `lastgood help COMMAND`.')
  .exitOverride()
  .configureOutput({ outputError: () => undefined });

const interrupt = new AbortController();

/** How long a command may take to stop by itself after Ctrl-C. */
const STOP_MS = 2_000;

/** Runs a command within the process: errors become their line and exit code, never a stack. */
const bind: Bind =
  (run) =>
  async (...args) => {
    const command = args.at(-1);
    if (!(command instanceof Command)) throw new Error('broken invariant: no command');
    const options: GlobalOptions = command.optsWithGlobals();
    const screen = processScreen(options, process.env);
    const own = command.opts();
    const words = command.args;
    try {
      const invocation = { options, screen, env: process.env, signal: interrupt.signal };
      // Commander has checked the options against their declarations.
      process.exitCode = await run(invocation, own as Parameters<typeof run>[1], words);
    } catch (error) {
      process.exitCode = interrupt.signal.aborted ? 1 : report(error);
    }
  };

/** Prints `error LG_…` and answers the exit code of the error. */
function report(error: unknown): ExitCode {
  if (error instanceof LastgoodError) {
    process.stderr.write(`error ${error.message}\n`);
    return error.entry.exit;
  }
  const bug = lgError('LG_RUNTIME_BUG', messageOf(error), error);
  process.stderr.write(`error ${bug.message}\n`);
  if (error instanceof Error && process.env['LASTGOOD_DEBUG'] === '1') {
    process.stderr.write(`${error.stack}\n`);
  }
  return 70;
}

/** Help and version are answers; everything else commander throws is a usage error. */
function reportUsage(error: unknown): ExitCode {
  if (!(error instanceof CommanderError)) return report(error);
  if (error.exitCode === 0) return 0;
  const detail = error.message.replace(/^error: /, '').replace(/\.?$/, '');
  if (error.code === 'commander.help') return 2;
  return report(lgError('LG_RUNTIME_USAGE', detail));
}

endOnClosedPipe();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    // A second one, or a command that does not end by itself, is not waited for.
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort(name);
    const drains = process.argv.includes('up') || process.argv.includes('restore');
    if (!drains) setTimeout(() => process.exit(130), STOP_MS).unref();
  });
}
for (const add of COMMANDS) add(program, bind);
try {
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = reportUsage(error);
}
