import { openBook } from './book.ts';
import type { Part } from './part.ts';
import type { StagePlace } from './stage-place.ts';
import { stageOf } from './stage.ts';

/** How one part is now. `partial` means that its start did not come to its end. */
export type PartStatus = {
  readonly part: string;
  readonly state: 'up' | 'broken' | 'partial' | 'absent';
  readonly words: string;
};

/** Uses every part that stands. Changes nothing. */
export async function readStatus(
  place: StagePlace,
  parts: readonly Part[],
): Promise<readonly PartStatus[]> {
  const book = openBook(place.folder);
  const entries = book.entries();
  return Promise.all(
    parts.map(async (part): Promise<PartStatus> => {
      const own = entries.filter((entry) => entry.part === part.name);
      if (own.length === 0) return { part: part.name, state: 'absent', words: '' };
      if (!own.some(({ thing }) => thing.kind === 'ready')) {
        return { part: part.name, state: 'partial', words: 'its start did not end; up or down' };
      }
      try {
        const words = await part.check(stageOf(place, book, part.name));
        return { part: part.name, state: 'up', words };
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error);
        return { part: part.name, state: 'broken', words };
      }
    }),
  );
}
