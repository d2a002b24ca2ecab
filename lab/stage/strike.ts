import { rmSync } from 'node:fs';
import { cleanPart, killMarked, unmountBelow } from './janitor.ts';
import { stageOf } from './stage.ts';
import { clearFaults, type UndoScene } from './undo.ts';

/**
 * Removes the whole stage: faults first, for a process that stands still cannot say goodbye; then
 * whoever bears our mark, the children of a killed lab among them, before they make anything more;
 * then what the book knows, and the folder. Striking twice is striking once.
 */
export async function strike(scene: UndoScene): Promise<void> {
  const { place, book, parts } = scene;
  // What cannot be undone, with half the stage gone, goes with the rest of it.
  await clearFaults(scene);
  const standing = new Set(book.entries().map(({ part }) => part));
  for (const part of parts.toReversed()) {
    if (!standing.has(part.name)) continue;
    // A part that cannot say goodbye is removed all the same.
    await part.stop?.(stageOf(place, book, part.name)).catch(() => undefined);
  }
  await killMarked(place.folder);
  const known = parts.map(({ name }) => name).filter((name) => standing.has(name));
  const unknown = [...standing].filter((name) => !known.includes(name));
  for (const part of [...unknown, ...known.toReversed()]) await cleanPart(place, book, part);
  await unmountBelow(place.folder);
  rmSync(place.folder, { recursive: true, force: true, maxRetries: 3 });
}
