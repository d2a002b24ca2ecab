/** A word more than a third wrong was meant as another one. */
const WRONG_SHARE_MAX = 1 / 3;

/** `; did you mean dependsOn?` where a known word is near to what was written, else nothing. */
export function meant(written: string, known: readonly string[]): string {
  const nearest = nearestWord(written, known);
  return nearest === undefined ? '' : `; did you mean ${nearest}?`;
}

/** The known word with the fewest slips of the pen; capitals are none. */
export function nearestWord(written: string, known: readonly string[]): string | undefined {
  const word = written.toLowerCase();
  const [nearest] = known
    .map((name) => ({ name, slips: slipsBetween(word, name.toLowerCase()) }))
    .filter(({ name, slips }) => slips <= Math.max(word.length, name.length) * WRONG_SHARE_MAX)
    .toSorted((a, b) => a.slips - b.slips);
  return nearest?.name;
}

/** Letters too few, too many, wrong or swapped with their neighbor (optimal string alignment). */
function slipsBetween(a: string, b: string): number {
  let twoAbove: readonly number[] = [];
  let above: readonly number[] = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isEqual = a[i - 1] === b[j - 1];
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? twoAbove[j - 2] : undefined;
      row.push(
        Math.min(
          at(above, j) + 1,
          at(row, j - 1) + 1,
          at(above, j - 1) + (isEqual ? 0 : 1),
          swapped === undefined ? Number.POSITIVE_INFINITY : swapped + 1,
        ),
      );
    }
    twoAbove = above;
    above = row;
  }
  return at(above, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
