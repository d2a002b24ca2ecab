import type { TimelineFilter } from '../../../../model/record/timeline-query.ts';
import type { ColumnName } from '../columns.ts';
import type { OpenTable, Table } from './find.ts';
import { whereOf, type Where } from './where.ts';

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
    const open = table.open();
    try {
      const where = whereOf(filter, open.dictionary, open.text?.columns);
      if (where === undefined || open.files.length === 0) continue;
      open.need([...columns, ...where.columns], open.text?.rows);
      for (const row of await read(open, where)) found.push(row);
    } finally {
      open.done();
    }
  }
  return found;
}
