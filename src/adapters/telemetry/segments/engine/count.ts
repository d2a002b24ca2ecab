import type { DuckDb } from './duck-db.ts';
import { eachTable } from './each-table.ts';
import type { Count, CountRequest } from './protocol.ts';
import { tableOf } from './table-source.ts';
import type { Table } from './table.ts';

/** Counts matching records per bucket and severity, over all tables, in no order. */
export async function countRecords(
  database: DuckDb,
  tables: readonly Table[],
  { filter, bucketNs }: CountRequest,
): Promise<readonly Count[]> {
  const columns = ['moment', 'severity'] as const;
  const counts = await eachTable(tables, { filter, columns }, async (open, where) => {
    const rows = await database.rows(
      `SELECT ${bucketSql(bucketNs)}, severity, count(*) FROM ${tableOf(open)} ` +
        `WHERE ${where.sql} GROUP BY ALL`,
      where.parameters,
    );
    return rows.map(([start, severity, count]) => ({
      start: BigInt(String(start)),
      severity: Number(severity),
      count: Number(count),
    }));
  });
  const sums = new Map<string, Count>();
  for (const count of counts) {
    const key = `${count.start}/${count.severity}`;
    sums.set(key, { ...count, count: (sums.get(key)?.count ?? 0) + count.count });
  }
  return [...sums.values()];
}

/** The start of a row's bucket: floor, also before 1970, where `%` is negative. */
export function bucketSql(widthNs: bigint): string {
  return `moment - ((moment % ${widthNs}) + ${widthNs}) % ${widthNs}`;
}
