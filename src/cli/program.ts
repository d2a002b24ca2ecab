import { Command } from 'commander';
import { version } from '../config/version.ts';
import { acceptEverywhere, globalOptions } from './global-options.ts';
import type { AddCommand, Bind } from './invocation.ts';

/** These commands as commander holds them: what runs, what is documented, what is completed. */
export function makeProgram(bind: Bind, commands: readonly AddCommand[]): Command {
  const program = new Command('lastgood')
    .description('What is broken, since when, what changed, and back to the last good state.')
    .version(version())
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  for (const option of globalOptions()) program.addOption(option);
  for (const add of commands) add(program, bind);
  acceptEverywhere(program);
  joinNames(program);
  return program;
}

/** An option that takes names takes more of them each time it is given: none is silently lost. */
function joinNames(command: Command): void {
  for (const option of command.options) {
    if (!option.flags.endsWith('<names>')) continue;
    option.argParser((names: string, before?: string) =>
      before === undefined ? names : `${before},${names}`,
    );
  }
  for (const child of command.commands) joinNames(child);
}
