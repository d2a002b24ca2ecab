import type { DuckDb } from './duck-db.ts';
import type { OpenTable, Table } from './find.ts';
import type { Count, CountRequest } from './protocol.ts';
import { tableOf } from './table-source.ts';
import { whereOf } from './where.ts';

/** Counts matching records per bucket and severity, over all tables, in no order. */
export async function countRecords(
  database: DuckDb,
  tables: readonly Table[],
  request: CountRequest,
): Promise<readonly Count[]> {
  const sums = new Map<string, Count>();
  for (const table of tables) {
    const open = table.open();
    try {
      for (const count of await countInTable(database, open, request)) {
        const key = `${count.start}/${count.severity}`;
        const sum = (sums.get(key)?.count ?? 0) + count.count;
        sums.set(key, { ...count, count: sum });
      }
    } finally {
      open.done();
    }
  }
  return [...sums.values()];
}

async function countInTable(
  database: DuckDb,
  open: OpenTable,
  { filter, bucketNs }: CountRequest,
): Promise<readonly Count[]> {
  const where = whereOf(filter, open.dictionary, open.text?.columns);
  if (where === undefined || open.files.length === 0) return [];
  open.need(['moment', 'severity', ...where.columns], open.text?.rows);
  const rows = await database.rows(
    `SELECT ${bucketSql(bucketNs)} AS start, severity, count(*) FROM ${tableOf(open)} ` +
      `WHERE ${where.sql} GROUP BY ALL`,
    where.parameters,
  );
  return rows.map(([start, severity, count]) => ({
    start: BigInt(String(start)),
    severity: Number(severity),
    count: Number(count),
  }));
}

/** The start of a row's bucket: floor, also before 1970, where `%` is negative. */
export function bucketSql(widthNs: bigint): string {
  return `moment - ((moment % ${widthNs}) + ${widthNs}) % ${widthNs}`;
}
