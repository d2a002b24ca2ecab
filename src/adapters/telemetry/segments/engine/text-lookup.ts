import type { RowRange } from '../segment/row-range.ts';
import { bitOf, PROBES, TEXT_COLUMNS, UNKNOWN, type TextColumn } from './text-filter.ts';

/** Some tokens of which all must be in a text. */
type Tokens = readonly number[];

/** One column's filters as they were written. */
interface ColumnFilters {
  readonly name: TextColumn;
  readonly starts: readonly number[];
  readonly lengths: Uint16Array;
}

/** Where a text may be found in a segment. */
export interface TextPlaces {
  /** In order and apart from one another. */
  readonly rows: readonly RowRange[];
  readonly columns: readonly TextColumn[];
}

/**
 * The rows and columns whose texts may have all tokens of one of the alternatives; undefined when
 * the filter cannot tell.
 */
export function placesThatMayHold(
  filter: Uint8Array,
  alternatives: readonly Tokens[],
): TextPlaces | undefined {
  if (filter.length === 0 || alternatives.some((tokens) => tokens.length === 0)) return undefined;
  const [blockRows, columns] = parseFilter(filter);
  const found = new Set<TextColumn>();
  const rows: RowRange[] = [];
  const blocks = Math.max(...columns.map(({ lengths }) => lengths.length));
  for (let block = 0; block < blocks; block += 1) {
    const within = columns.filter((column) =>
      alternatives.some((tokens) => blockMayHold(filter, column, block, tokens)),
    );
    if (within.length === 0) continue;
    for (const { name } of within) found.add(name);
    const from = block * blockRows;
    const last = rows.at(-1);
    if (last?.to === from) rows.pop();
    rows.push({ from: last?.to === from ? last.from : from, to: from + blockRows });
  }
  return { rows, columns: [...found] };
}

function parseFilter(filter: Uint8Array): readonly [number, readonly ColumnFilters[]] {
  const view = new DataView(filter.buffer, filter.byteOffset, filter.byteLength);
  let at = 4;
  const columns = TEXT_COLUMNS.map((name) => {
    const blocks = view.getUint32(at, true);
    at += 4;
    const lengths = Uint16Array.from({ length: blocks }, (_, i) =>
      view.getUint16(at + 2 * i, true),
    );
    at += 2 * blocks;
    const starts = Array.from(lengths, (length) => {
      const start = at;
      at += length === UNKNOWN ? 0 : length;
      return start;
    });
    return { name, starts, lengths };
  });
  return [view.getUint32(0, true), columns];
}

function blockMayHold(
  filter: Uint8Array,
  { starts, lengths }: ColumnFilters,
  block: number,
  tokens: Tokens,
): boolean {
  const length = lengths[block] ?? UNKNOWN;
  if (length === UNKNOWN) return true;
  if (length === 0) return false;
  const start = starts[block] ?? 0;
  return tokens.every((token) => {
    for (let probe = 0; probe < PROBES; probe += 1) {
      const bit = bitOf(token === 0 ? 1 : token, probe, length * 8);
      if (((filter[start + (bit >> 3)] ?? 0) & (1 << (bit & 7))) === 0) return false;
    }
    return true;
  });
}
