import type { Book } from './book.ts';
import { killSession } from './janitor.ts';
import { LabFailure } from './lab-failure.ts';
import { launch } from './launch.ts';
import type { Thing } from './thing.ts';

/** Ends a process of a part, if it still runs, and starts it again as it was started. */
export async function relaunch(book: Book, part: string, name: string): Promise<void> {
  const entry = book
    .entries()
    .find(({ part: owner, thing }) => owner === part && isProcess(thing, name));
  const thing = entry?.thing;
  if (entry === undefined || thing?.kind !== 'process') {
    throw new LabFailure(`${part}/${name}: the lab has launched no such process`);
  }
  await killSession(name, thing.identity);
  await launch(thing.program, (identity) => {
    book.add(part, { ...thing, identity });
    book.drop(entry);
  });
}

const isProcess = (thing: Thing, name: string): boolean =>
  thing.kind === 'process' && thing.name === name;
