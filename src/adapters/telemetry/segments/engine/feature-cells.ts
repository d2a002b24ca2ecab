import { lgError } from '../../../../model/errors/lg-error.ts';
import { KIND_INDEX } from '../../../../model/record/record-batch.ts';
import { bucketSql } from './count.ts';
import type { DuckDb } from './duck-db.ts';
import { eachTable } from './each-table.ts';
import type { FeatureCell, FeatureRequest } from './protocol.ts';
import { tableOf } from './table-source.ts';
import type { Table } from './table.ts';

/** Classes of one doubling of a latency: the middle of a class is at most 4.5 % off. */
export const CLASSES_PER_OCTAVE = 8;

/** More cells of all tables are more than a file for people to look at. */
const CELLS_MAX = 500_000;

/** The columns it groups by. */
const COLUMNS = ['moment', 'component', 'kind', 'severity', 'duration'] as const;

/**
 * Counts by bucket, component, kind, severity and class of latency, over all tables. Throws
 * LG_STORE_QUERY_INVALID when they are more than `CELLS_MAX`: nothing is left out silently.
 */
export async function featureCells(
  database: DuckDb,
  tables: readonly Table[],
  { filter, bucketNs }: FeatureRequest,
): Promise<readonly FeatureCell[]> {
  const latency =
    `CASE WHEN kind = ${KIND_INDEX.span} AND duration >= 0 ` +
    `THEN floor(log2(greatest(duration / 1000, 1)) * ${CLASSES_PER_OCTAVE})::INT ELSE -1 END`;
  let cells = 0;
  return await eachTable(tables, { filter, columns: COLUMNS }, async (open, where) => {
    const rows = await database.rows(
      `SELECT ${bucketSql(bucketNs)}, component, kind, severity, ${latency}, count(*) ` +
        `FROM ${tableOf(open)} WHERE ${where.sql} GROUP BY ALL LIMIT ${CELLS_MAX + 1}`,
      where.parameters,
    );
    cells += rows.length;
    if (cells > CELLS_MAX) {
      const detail = `more than ${CELLS_MAX} counts; ask for less time or wider buckets`;
      throw lgError('LG_STORE_QUERY_INVALID', detail);
    }
    return rows.map(([start, component, kind, severity, latencyClass, count]) => ({
      start: BigInt(String(start)),
      component: open.dictionary[Number(component)] ?? '',
      kind: Number(kind),
      severity: Number(severity),
      latencyClass: Number(latencyClass),
      count: Number(count),
    }));
  });
}
