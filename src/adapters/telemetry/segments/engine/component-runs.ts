import { COLUMNS } from '../columns.ts';

/** Rows of one component that lie together in a page. */
export interface Run {
  readonly component: number;
  readonly row: number;
  readonly rows: number;
  /** Time of its first row; rows of a run came in this order, most often that of time. */
  readonly moment: bigint;
  /** For each text column in the order of `COLUMNS` the bytes in front of the run. */
  readonly textStarts: readonly number[];
}

/** Rows of a batch are below this, so that a component and a row make one exact number. */
const ROWS_MAX = 65_536;

/** How many bytes a value of a column has; texts have their own length in front of them. */
export const COLUMN_WIDTHS: readonly (4 | 8 | 'text')[] = COLUMNS.map(({ type }) =>
  type === 'text' ? 'text' : type === 'i64' || type === 'u64' ? 8 : 4,
);

/** The order that brings the rows of each component together and keeps their arrival. */
export function componentOrder(component: Uint32Array): Uint32Array {
  const keys = Float64Array.from(component, (index, row) => index * ROWS_MAX + row);
  return Uint32Array.from(keys.sort(), (key) => key % ROWS_MAX);
}

/** The columns with their rows in another order. */
export function permuted(columns: readonly Uint8Array[], order: Uint32Array): Uint8Array[] {
  return columns.map((column, i) => {
    const width = COLUMN_WIDTHS[i];
    if (width === 'text') return permutedTexts(column, order);
    const from = new Uint32Array(column.buffer, column.byteOffset, column.length / 4);
    const to = new Uint32Array(from.length);
    if (width === 4) order.forEach((row, at) => (to[at] = from[row] ?? 0));
    else {
      order.forEach((row, at) => {
        to[2 * at] = from[2 * row] ?? 0;
        to[2 * at + 1] = from[2 * row + 1] ?? 0;
      });
    }
    return new Uint8Array(to.buffer);
  });
}

function permutedTexts(column: Uint8Array, order: Uint32Array): Uint8Array {
  const starts = textStarts(column, order.length);
  const to = new Uint8Array(column.length);
  let at = 0;
  for (const row of order) {
    const text = column.subarray(starts[row], starts[row + 1]);
    to.set(text, at);
    at += text.length;
  }
  return to;
}

/** Where each text of a column begins, and where the last one ends. */
function textStarts(column: Uint8Array, rows: number): Uint32Array {
  const view = new DataView(column.buffer, column.byteOffset, column.byteLength);
  const starts = new Uint32Array(rows + 1);
  for (let row = 0, at = 0; row < rows; row += 1) {
    at += 4 + view.getUint32(at, true);
    starts[row + 1] = at;
  }
  return starts;
}

/** The runs of columns whose rows were brought together. */
export function runsOf(
  columns: readonly Uint8Array[],
  component: Uint32Array,
  moment: BigInt64Array,
): Run[] {
  const rows = component.length;
  const texts = columns.flatMap((column, i) =>
    COLUMN_WIDTHS[i] === 'text' ? [textStarts(column, rows)] : [],
  );
  const runs: Run[] = [];
  for (let row = 0, next = 0; row < rows; row = next) {
    const index = component[row] ?? 0;
    for (next = row + 1; next < rows && component[next] === index;) next += 1;
    runs.push({
      component: index,
      row,
      rows: next - row,
      moment: moment[row] ?? 0n,
      textStarts: texts.map((starts) => starts[row] ?? 0),
    });
  }
  return runs;
}
