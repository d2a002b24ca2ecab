import { stripVTControlCharacters } from 'node:util';

/**
 * Lays rows out under headers, columns two spaces apart, the last one left as it is. Ids are never
 * cut: a cut id cannot be copied.
 */
export function renderTable(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const widths = headers.map((header, column) =>
    Math.max(header.length, ...rows.map((row) => width(row[column] ?? ''))),
  );
  return [headers, ...rows].map((row) =>
    row
      .map((cell, column) =>
        column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - width(cell)),
      )
      .join('  ')
      .trimEnd(),
  );
}

function width(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
