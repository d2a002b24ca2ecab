import type { TimelineFilter } from '../../../../model/record/timeline-query.ts';
import type { ColumnName } from '../columns.ts';
import type { RowRange } from '../segment/row-range.ts';
import type { TableSource } from './table-source.ts';
import type { TextPlaces } from './text-lookup.ts';
import { whereOf, type Where } from './where.ts';

/** A table that a query may read, and when. */
export interface Table {
  readonly minMoment: bigint;
  readonly maxMoment: bigint;
  readonly firstSeq: number;
  open(): OpenTable;
}

/** A table in use. */
export interface OpenTable extends TableSource {
  /** Whether it is one file, so that rows can be named by their number in it. */
  readonly single: boolean;
  /** Where in a single file the text asked for may be; anywhere when undefined. */
  readonly text: TextPlaces | undefined;
  /** Looks for a text itself and answers the same use with fewer places where it may be. */
  look(text: string): Promise<OpenTable>;
  /** Makes columns readable, of all rows or, in a single file, of these. */
  need(columns: readonly ColumnName[], rows?: readonly RowRange[]): void;
  /** Ends the use. */
  done(): void;
}

/** A table in use by a query, and what the query asks of its rows. */
export interface AskedTable {
  readonly open: OpenTable;
  readonly where: Where;
}

/**
 * Runs `read` over a table in which something may match, with the columns of the filter and
 * `columns` made readable; undefined when nothing can match.
 */
export async function readTable<Value>(
  table: Table,
  filter: TimelineFilter,
  columns: readonly ColumnName[],
  read: (asked: AskedTable) => Promise<Value>,
): Promise<Value | undefined> {
  const opened = table.open();
  try {
    if (opened.files.length === 0) return undefined;
    if (whereOf(filter, opened.dictionary) === undefined) return undefined;
    const { text = '' } = filter;
    const open = text === '' ? opened : await opened.look(text);
    if (open.text?.rows.length === 0) return undefined;
    const where = whereOf(filter, open.dictionary, open.text?.columns);
    if (where === undefined) return undefined;
    open.need([...columns, ...where.columns], open.text?.rows);
    return await read({ open, where });
  } finally {
    opened.done();
  }
}
