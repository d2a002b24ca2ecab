import { Command } from 'commander';
import { version } from '../config/version.ts';
import { COMMANDS } from './command-list.ts';
import type { Bind } from './invocation.ts';

/** The command line as commander holds it: what runs, what is documented, what is completed. */
export function makeProgram(bind: Bind): Command {
  const program = new Command('lastgood')
    .description('What is broken, since when, what changed, and back to the last good state.')
    .version(version())
    .option('--config <file>', 'configuration (default: ./lastgood.yaml, then /etc/lastgood/)')
    .option(
      '--data <dir>',
      'data directory (default: $LASTGOOD_DATA, else /var/lib/lastgood for root, XDG for others)',
    )
    .option('--url <url>', 'address of a remote daemon')
    .option('--token-file <file>', 'file with the access token for --url')
    .option('--json', 'print one JSON document, or one a line for streams')
    .option('--quiet', 'print results only')
    .option('--no-color', 'print without colors')
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  for (const add of COMMANDS) add(program, bind);
  return program;
}
