import type { Command } from 'commander';

/** Ends the help of a command with command lines to copy, each without its `lastgood`. */
export function addExamples(command: Command, lines: readonly string[]): Command {
  const shown = lines.map((line) => `  $ lastgood ${line}`.trimEnd());
  const heading = lines.length === 1 ? 'Example:' : 'Examples:';
  return command.addHelpText('after', `\n${heading}\n${shown.join('\n')}`);
}
