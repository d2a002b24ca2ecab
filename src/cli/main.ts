import type { AddCommand } from './invocation.ts';

// A completion is waited for at every keystroke, so it loads nothing but itself.
if (process.argv.at(-2) === '__complete') {
  const { completeWord } = await import('./completion/complete-word.ts');
  await completeWord(process.argv.slice(2));
} else {
  const { runCommandLine } = await import('./command-line.ts');
  const interrupt = { controller: new AbortController(), isDraining: false };
  await runCommandLine(interrupt, await commandsOf(process.argv[2]));
}

/** A rollback waits for its dead-man, which takes half the time to start without the others. */
async function commandsOf(word: string | undefined): Promise<readonly AddCommand[]> {
  if (word === 'deadman') return [(await import('./commands/deadman.ts')).addDeadMan];
  return (await import('./command-list.ts')).COMMANDS;
}
