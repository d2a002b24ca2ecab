import { Option, type Command } from 'commander';
import type { GlobalOptions } from './invocation.ts';

/** The options every command takes, before its name or after it. */
export const globalOptions = (): readonly Option[] => [
  new Option('--config <file>', 'configuration (default: ./lastgood.yaml, then /etc/lastgood/)'),
  new Option(
    '--data <dir>',
    'data directory (default: $LASTGOOD_DATA, else /var/lib/lastgood for root, XDG for others)',
  ),
  new Option('--url <url>', 'address of a remote daemon'),
  new Option('--token-file <file>', 'file with the access token for --url'),
  new Option('--json', 'print one JSON document, or one a line for streams'),
  new Option('--quiet', 'print results only'),
  new Option('--no-color', 'print without colors'),
];

/** The copies within commands: what they hold is a global option, and nothing of the command's. */
const copies = new WeakSet<Option>();

/**
 * Lets every command below take the global options after its name, too. A command that gives one
 * of the names a meaning of its own, as `events --data PATH`, has it from its name on.
 */
export function acceptEverywhere(program: Command): void {
  program.enablePositionalOptions();
  for (const command of program.commands) accept(command);
}

function accept(command: Command): void {
  for (const option of globalOptions()) {
    if (command.options.some(({ long }) => long === option.long)) continue;
    copies.add(option.hideHelp());
    command.addOption(option);
  }
  for (const child of command.commands) accept(child);
}

/** The global options as they were given, wherever they stood; the one next to the end counts. */
export function givenGlobals(command: Command): GlobalOptions {
  const given: Record<string, unknown> = {};
  for (let at: Command | null = command; at !== null; at = at.parent) {
    for (const option of at.options) {
      const name = option.attributeName();
      if (at.parent !== null && !copies.has(option)) continue;
      const isGiven = at.getOptionValueSource(name) === 'cli';
      if (isGiven && !(name in given)) given[name] = at.getOptionValue(name);
    }
  }
  return given;
}
