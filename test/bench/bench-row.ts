/** One measured figure beside what it should be. */
export interface BenchFigure {
  /** Row of the table of measures, such as `1`. */
  readonly row: number;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** At most this much; absent for a figure that only explains another. */
  readonly target?: number;
  /** Who holds the record, with the figure that is to be beaten. */
  readonly anchor?: string;
}

/** The figures as a table for people. */
export function printFigures(figures: readonly BenchFigure[]): string {
  const lines = figures.map(({ row, what, value, unit, target, anchor }) => {
    const verdict = target === undefined ? '' : value <= target ? 'ok' : 'MISSED';
    const goal = target === undefined ? '' : `<= ${target}`;
    return [String(row), what, rounded(value), unit, goal, verdict, anchor ?? ''];
  });
  const head = ['row', 'what', 'value', 'unit', 'target', '', 'anchor'];
  const widths = head.map((name, i) =>
    Math.max(name.length, ...lines.map((line) => line[i]?.length ?? 0)),
  );
  return [head, ...lines]
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}

/** The middle one of several measurements. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
