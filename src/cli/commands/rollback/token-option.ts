import type { Command } from 'commander';

/** The option of those who decide about a run that was applied by whoever holds its token. */
export function addTokenOption(command: Command): void {
  command.option('--token <token>', 'the token apply printed; a run that began by itself has none');
}
