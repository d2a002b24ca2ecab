import { Command } from 'commander';
import { version } from '../config/version.ts';
import { COMMANDS } from './command-list.ts';
import { acceptEverywhere, globalOptions } from './global-options.ts';
import type { Bind } from './invocation.ts';

/** The command line as commander holds it: what runs, what is documented, what is completed. */
export function makeProgram(bind: Bind): Command {
  const program = new Command('lastgood')
    .description('What is broken, since when, what changed, and back to the last good state.')
    .version(version())
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  for (const option of globalOptions()) program.addOption(option);
  for (const add of COMMANDS) add(program, bind);
  acceptEverywhere(program);
  return program;
}
