import { harmlessLines } from './screen/paint.ts';
import { Command, CommanderError } from 'commander';
import { LastgoodError, messageOf, type ExitCode } from '../base/error.ts';
import { lgError } from '../model/errors/lg-error.ts';
import { givenGlobals } from './global-options.ts';
import type { AddCommand, Bind } from './invocation.ts';
import { makeProgram } from './program.ts';
import { namingScreen } from './screen/naming-screen.ts';
import { endOnClosedPipe, processScreen } from './screen/screen.ts';

/** What a shell calls a command that Ctrl-C ended; 1 would be the honest answer "no". */
const INTERRUPTED = 130;

/** How long a command may take to stop by itself after Ctrl-C. */
const STOP_MS = 2_000;

/**
 * One request to stop may arrive twice: sent to a whole group of processes, it comes to us and to a
 * launcher that passes it on. Nobody who has lost patience asks again so soon.
 */
const SAME_REQUEST_MS = 1_000;

/** How a command at work is interrupted. */
export interface Interrupt {
  readonly controller: AbortController;
  /** Whether the command at work ends by itself, in its own time, once it is interrupted. */
  isDraining: boolean;
}

/** Runs a command within the process: errors become their line and exit code, never a stack. */
const bindTo =
  (interrupt: Interrupt): Bind =>
  (run, { drains = false } = {}) =>
  async (...args) => {
    interrupt.isDraining = drains;
    const { signal } = interrupt.controller;
    const command = args.at(-1);
    if (!(command instanceof Command)) throw new Error('broken invariant: no command');
    const options = givenGlobals(command);
    const plain = {
      options,
      screen: processScreen(options, process.env),
      env: process.env,
      signal,
    };
    const { screen, shown } = namingScreen(plain.screen, async () => {
      // Loaded once somebody is named: most commands name nobody, a dead-man above all.
      const { namePeople } = await import('./remote/named-people.ts');
      return namePeople(plain);
    });
    const own = command.opts();
    const words = command.args;
    try {
      // Commander has checked the options against their declarations.
      const exit = await run({ ...plain, screen }, own as Parameters<typeof run>[1], words);
      await shown();
      process.exitCode = exit;
    } catch (error) {
      await shown();
      process.exitCode = signal.aborted ? INTERRUPTED : report(error);
    }
  };

/** Prints `error LG_…` and answers the exit code of the error. */
function report(error: unknown): ExitCode {
  if (error instanceof LastgoodError) {
    process.stderr.write(`error ${harmlessLines(error.message)}\n`);
    return error.entry.exit;
  }
  const bug = lgError('LG_RUNTIME_BUG', messageOf(error), error);
  process.stderr.write(`error ${harmlessLines(bug.message)}\n`);
  if (error instanceof Error && process.env['LASTGOOD_DEBUG'] === '1') {
    process.stderr.write(`${error.stack}\n`);
  }
  return 70;
}

/** Help and version are answers; everything else commander throws is a usage error. */
function reportUsage(error: unknown): ExitCode {
  if (!(error instanceof CommanderError)) return report(error);
  if (error.exitCode === 0) return 0;
  // Commander writes what it suspects was meant on a line of its own.
  const detail = error.message
    .replace(/^error: /, '')
    .replace(/\n/g, ' ')
    .replace(/\.?$/, '');
  if (error.code === 'commander.help') return 2;
  return report(lgError('LG_RUNTIME_USAGE', detail));
}

/** Runs the command of this process, which is one of these, and sets its exit code. */
export async function runCommandLine(
  interrupt: Interrupt,
  commands: readonly AddCommand[],
): Promise<void> {
  endOnClosedPipe();
  let askedAt = 0;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      // A second one, or a command that does not end by itself, is not waited for.
      if (interrupt.controller.signal.aborted) {
        if (performance.now() - askedAt > SAME_REQUEST_MS) process.exit(INTERRUPTED);
        return;
      }
      askedAt = performance.now();
      interrupt.controller.abort(name);
      if (!interrupt.isDraining) setTimeout(() => process.exit(INTERRUPTED), STOP_MS).unref();
    });
  }
  try {
    await makeProgram(bindTo(interrupt), commands).parseAsync(process.argv);
  } catch (error) {
    process.exitCode = reportUsage(error);
  }
}
