import type { RowRange } from '../segment/row-range.ts';
import { bitOf, PROBES, TEXT_COLUMNS, UNKNOWN } from './text-filter.ts';

/** Some tokens of which all must be in a text. */
type Tokens = readonly number[];

/** One column's filters as they were written. */
interface ColumnFilters {
  readonly starts: readonly number[];
  readonly lengths: Uint16Array;
}

/**
 * The rows whose texts may have all tokens of one of the alternatives, in order and apart from one
 * another; undefined when those are all rows.
 */
export function rowsThatMayHold(
  filter: Uint8Array,
  alternatives: readonly Tokens[],
): readonly RowRange[] | undefined {
  if (filter.length === 0 || alternatives.some((tokens) => tokens.length === 0)) return undefined;
  const [blockRows, columns] = parseFilter(filter);
  const blocks = Math.max(...columns.map(({ lengths }) => lengths.length));
  const ranges: RowRange[] = [];
  for (let block = 0; block < blocks; block += 1) {
    const mayHold = columns.some((column) =>
      alternatives.some((tokens) => blockMayHold(filter, column, block, tokens)),
    );
    if (!mayHold) continue;
    const from = block * blockRows;
    const last = ranges.at(-1);
    if (last?.to === from) ranges.pop();
    ranges.push({ from: last?.to === from ? last.from : from, to: from + blockRows });
  }
  return ranges.length === 1 && ranges[0]?.from === 0 && ranges[0].to === blocks * blockRows
    ? undefined
    : ranges;
}

function parseFilter(filter: Uint8Array): readonly [number, readonly ColumnFilters[]] {
  const view = new DataView(filter.buffer, filter.byteOffset, filter.byteLength);
  let at = 4;
  const columns = TEXT_COLUMNS.map(() => {
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
    return { starts, lengths };
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
