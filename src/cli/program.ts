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
  return program;
}
