import type { Screen } from './screen.ts';
import { widthOf } from './wrap.ts';

/** Prints rows under headers, or a sentence where there are none. */
export function showTable(
  screen: Screen,
  empty: string,
  headers: readonly string[],
  rows: readonly (readonly string[])[],
): undefined {
  if (rows.length === 0) screen.out(empty);
  else for (const line of layTable(headers, rows)) screen.out(line);
  return undefined;
}

/**
 * Lays rows out under headers, columns two spaces apart, the last one left as it is. Ids are never
 * cut: a cut id cannot be copied.
 */
function layTable(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const widths = headers.map((header, column) =>
    Math.max(header.length, ...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  return [headers, ...rows].map((row) =>
    row
      .map((cell, column) =>
        column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)),
      )
      .join('  ')
      .trimEnd(),
  );
}
