import type { FoundProblem } from '../problem.ts';
import type { Config } from '../schema.ts';

/** An entry that an earlier one hides would silently keep nothing for the time it names. */
export function keepProblems({ storage: { keep } }: Config): readonly FoundProblem[] {
  return keep.flatMap((entry, i) => {
    const hiding = keep.findIndex(
      (earlier, j) =>
        j < i &&
        coversAll(earlier.kind, entry.kind) &&
        coversAll(earlier.component, entry.component),
    );
    if (hiding < 0) return [];
    const message = `storage.keep[${hiding}] matches all of this first; put this one before it`;
    return [{ path: ['storage', 'keep', i], message }];
  });
}

/** Whether a member matches whatever another one does; an absent one matches everything. */
function coversAll(wide: readonly string[] | undefined, narrow: readonly string[] | undefined) {
  if (wide === undefined) return true;
  return narrow !== undefined && narrow.every((name) => wide.includes(name));
}
