import type { RowRange } from '../segment/row-range.ts';
import type { DuckDb } from './duck-db.ts';
import { ALL_COLUMNS, printRow } from './print-row.ts';
import { alignMoment } from '../../../../model/evidence/clock-overlay.ts';
import type { FindRequest, FoundRecord, Place } from './protocol.ts';
import { rawTableOf, tableOf } from './table-source.ts';
import { readTable, type AskedTable, type Table } from './table.ts';
import { orderOf } from './where.ts';

/**
 * The first `limit` records of an order over many tables. Tables are visited in that order, and
 * none once the page is full and the rest lies behind it.
 */
export async function findRecords(
  database: DuckDb,
  tables: readonly Table[],
  request: FindRequest,
): Promise<readonly FoundRecord[]> {
  const { order, limit } = request;
  const compare = COMPARE[order];
  let found: readonly FoundRecord[] = [];
  for (const table of tables.toSorted((a, b) => compare(nearest(a, order), nearest(b, order)))) {
    const last = found.length >= limit ? found[limit - 1] : undefined;
    if (last !== undefined && compare(last, nearest(table, order)) < 0) break;
    const more = await readTable(table, request.filter, ['moment', 'seq'], (asked) =>
      findInTable(database, asked, request, last),
    );
    if (more !== undefined) found = [...found, ...more].toSorted(compare).slice(0, limit);
  }
  return found;
}

type Order = FindRequest['order'];

const COMPARE: Readonly<Record<Order, (a: Place, b: Place) => number>> = {
  newest: (a, b) => compareWide(b.moment, a.moment) || b.seq - a.seq,
  oldest: (a, b) => compareWide(a.moment, b.moment) || a.seq - b.seq,
  arrival: (a, b) => a.seq - b.seq,
};

function compareWide(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The place in an order that no row of the table comes before. */
function nearest(table: Table, order: Order): Place {
  if (order === 'newest') return { moment: table.maxMoment, seq: Number.MAX_SAFE_INTEGER };
  if (order === 'oldest') return { moment: table.minMoment, seq: 0 };
  return { moment: 0n, seq: table.firstSeq };
}

async function findInTable(
  database: DuckDb,
  { open, where }: AskedTable,
  { order, limit, after, overlay }: FindRequest,
  last: Place | undefined,
): Promise<readonly FoundRecord[]> {
  const { where: beyond, orderBy } = orderOf(order, after);
  const within = last === undefined ? 'true' : withinPage(order, last);
  const hits = await database.rows(
    `SELECT seq, file_row_number FROM ${tableOf(open)} ` +
      `WHERE ${where.sql} AND ${beyond} AND ${within} ` +
      `ORDER BY ${orderBy} LIMIT ${limit}`,
    where.parameters,
  );
  if (hits.length === 0) return [];
  open.need(
    ALL_COLUMNS,
    open.single ? hits.map(([, number]) => oneRow(Number(number))) : undefined,
  );
  // Only the rows of the page are read whole: the texts are most of a record's bytes.
  const names = hits.map((hit) => String(hit[open.single ? 1 : 0]));
  const key = open.single ? 'file_row_number' : 'seq';
  const columns = ALL_COLUMNS.join(', ');
  const rows = await database.rows(
    `SELECT ${columns} FROM ${rawTableOf(open)} WHERE ${key} IN (${names.join(', ')})`,
  );
  return rows.map((row) => {
    const found = printRow(row, open.dictionary);
    const pieces = overlay?.clocks.get(found.record.clock.id);
    return { ...found, moment: alignMoment(pieces, found.raw, found.observed).alignedNs };
  });
}

function oneRow(number: number): RowRange {
  return { from: number, to: number + 1 };
}

/** Rows behind the last one of a full page need not be looked at. */
function withinPage(order: Order, { moment, seq }: Place): string {
  if (order === 'newest') return `moment >= ${moment}`;
  return order === 'oldest' ? `moment <= ${moment}` : `seq < ${seq}`;
}
