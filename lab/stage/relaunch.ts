import type { Book } from './book.ts';
import { killSession } from './janitor.ts';
import { LabFailure } from './lab-failure.ts';
import { launch } from './launch.ts';
import { isAlive } from './process-identity.ts';
import type { Command, DaemonProgram, Entry, Thing } from './thing.ts';

type LaunchedProcess = Extract<Thing, { readonly kind: 'process' }>;

/** Ends a process of a part, if it still runs, and starts it again as it was started. */
export async function relaunch(book: Book, part: string, name: string): Promise<void> {
  const { entry, launched } = findLaunched(book, part, name);
  await replaceProcess(book, entry, launched, launched.program);
}

/** A process of a part, and the command it is to run by. */
export type WantedProcess = {
  readonly part: string;
  readonly process: string;
  readonly command: Command;
};

/**
 * Sees that a process of a part runs by a command: one that does is left alone; any other is ended,
 * first by `end` in its own way, and started anew. True when it had to be started.
 */
export async function runBy(
  book: Book,
  { part, process, command }: WantedProcess,
  end: () => Promise<void>,
): Promise<boolean> {
  const { entry, launched } = findLaunched(book, part, process);
  const runsByIt = launched.program.command.join('\0') === command.join('\0');
  if (runsByIt && isAlive(launched.identity)) return false;
  await end();
  await replaceProcess(book, entry, launched, { ...launched.program, command });
  return true;
}

/** What the lab has launched last under this name, whether it still runs or not. */
export function findLaunched(
  book: Book,
  part: string,
  name: string,
): { readonly entry: Entry; readonly launched: LaunchedProcess } {
  for (const entry of book.entries().toReversed()) {
    const { part: owner, thing } = entry;
    if (owner === part && thing.kind === 'process' && thing.name === name) {
      return { entry, launched: thing };
    }
  }
  throw new LabFailure(`${part}/${name}: the lab has launched no such process`);
}

async function replaceProcess(
  book: Book,
  entry: Entry,
  launched: LaunchedProcess,
  program: DaemonProgram,
): Promise<void> {
  await killSession(launched.name, launched.identity);
  await launch(program, (identity) => {
    book.add(entry.part, { ...launched, program, identity });
    book.drop(entry);
  });
}
