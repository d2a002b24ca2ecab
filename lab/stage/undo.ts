import type { Book } from './book.ts';
import { cleanPart, killSession } from './janitor.ts';
import type { Part } from './part.ts';
import { isAlive } from './process-identity.ts';
import { runBy } from './relaunch.ts';
import { runCommand } from './run-command.ts';
import type { StagePlace } from './stage-place.ts';
import { stageOf } from './stage.ts';
import type { Entry, Undo } from './thing.ts';
import { waitUntil } from './wait-until.ts';

/** Under this name the book keeps faults and what they need. */
export const faultsPart = 'faults';

/** A database that was cut off reads its log again first. */
const wellTimeoutMs = 30_000;

/** A fault that stands. */
export type StandingFault = {
  readonly entry: Entry;
  readonly name: string;
  readonly what: string;
  readonly undo: readonly Undo[];
};

/** How the undo of one fault went. */
export type ClearedFault = {
  readonly fault: string;
  readonly what: string;
  /** Why it still stands; undefined when it is gone. */
  readonly trouble?: string;
};

/** What the undo of faults needs to know of the stage. */
export type UndoScene = {
  readonly place: StagePlace;
  readonly book: Book;
  readonly parts: readonly Part[];
};

/** The faults that stand, the oldest first. */
export function standingFaults(book: Book): readonly StandingFault[] {
  return book
    .entries()
    .flatMap((entry) => (entry.thing.kind === 'fault' ? [{ entry, ...entry.thing }] : []));
}

/**
 * Undoes the faults that stand, or those that are meant, the last made first. One that resists
 * stays in the book and does not keep the others.
 */
export async function clearFaults(
  scene: UndoScene,
  isMeant: (fault: StandingFault) => boolean = () => true,
): Promise<readonly ClearedFault[]> {
  const cleared: ClearedFault[] = [];
  for (const fault of standingFaults(scene.book).toReversed()) {
    if (!isMeant(fault)) continue;
    const words = { fault: fault.name, what: fault.what };
    try {
      for (const step of fault.undo) await takeStep(scene, step);
      scene.book.drop(fault.entry);
      cleared.push(words);
    } catch (error) {
      const trouble = error instanceof Error ? error.message : String(error);
      cleared.push({ ...words, trouble });
    }
  }
  if (standingFaults(scene.book).length === 0) {
    await cleanPart(scene.place, scene.book, faultsPart);
  }
  return cleared;
}

/** Takes one step of an undo; what is undone already stays as it is. */
export async function takeStep(scene: UndoScene, step: Undo): Promise<void> {
  switch (step.kind) {
    case 'command':
      await runCommand(step.command);
      return;
    case 'signal':
      if (isAlive(step.identity)) process.kill(step.identity.pid, step.signal);
      return;
    case 'revive':
      return revive(scene, step.part, step.process);
    case 'end':
      return endLaunched(scene, step.process);
    case 'run-by':
      return startBy(scene, step);
  }
}

async function endLaunched({ book }: UndoScene, name: string): Promise<void> {
  for (const entry of book.entries()) {
    const { part, thing } = entry;
    if (part !== faultsPart || thing.kind !== 'process' || thing.name !== name) continue;
    await killSession(name, thing.identity);
    book.drop(entry);
  }
}

/** Ends the process as its part would, starts it by the command; waits until the part is well. */
async function startBy(
  { place, book, parts }: UndoScene,
  step: Extract<Undo, { readonly kind: 'run-by' }>,
): Promise<void> {
  const stage = stageOf(place, book, step.part);
  const part = parts.find((known) => known.name === step.part);
  const end = async (): Promise<void> => void (await part?.stop?.(stage).catch(() => undefined));
  if (!(await runBy(book, step, end))) return;
  await part?.revive?.(stage, step.process);
  await waitUntil(`${step.part} is well`, wellTimeoutMs, () => part?.check(stage) ?? '');
}

/** Starts a process again that has died, the way it was started; one that runs is left alone. */
async function revive(
  { place, book, parts }: UndoScene,
  part: string,
  name: string,
): Promise<void> {
  const stage = stageOf(place, book, part);
  const launched = book
    .entries()
    .flatMap(({ part: owner, thing }) =>
      owner === part && thing.kind === 'process' && thing.name === name ? [thing] : [],
    );
  if (launched.some(({ identity }) => isAlive(identity))) return;
  if (launched.length > 0) await stage.relaunch(name);
  await parts.find((known) => known.name === part)?.revive?.(stage, name);
}
