import type { TimelineFilter } from '../../../../model/record/timeline-query.ts';
import type { ColumnName } from '../columns.ts';
import { readTable, type OpenTable, type Table } from './table.ts';
import type { Where } from './where.ts';

/** What a query of every matching row reads, whatever their order. */
export interface WholeQuery {
  readonly filter: TimelineFilter;
  /** Besides those that the filter reads. */
  readonly columns: readonly ColumnName[];
}

/**
 * Runs a query over one table after the other and answers all rows. Tables in which nothing can
 * match are passed over; of the others the needed columns are readable while `read` runs.
 */
export async function eachTable<Row>(
  tables: readonly Table[],
  { filter, columns }: WholeQuery,
  read: (open: OpenTable, where: Where) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const found: Row[] = [];
  for (const table of tables) {
    const rows = await readTable(table, filter, columns, ({ open, where }) => read(open, where));
    for (const row of rows ?? []) found.push(row);
  }
  return found;
}
