import { KIND_INDEX } from '../../../../model/record/record-batch.ts';
import { bucketSql } from './count.ts';
import type { DuckDb } from './duck-db.ts';
import type { OpenTable, Table } from './find.ts';
import type { FeatureCell, FeatureRequest } from './protocol.ts';
import { tableOf } from './table-source.ts';
import { whereOf } from './where.ts';

/** Classes of one doubling of a latency: the middle of a class is at most 4.5 % off. */
export const CLASSES_PER_OCTAVE = 8;

/** More cells of one table are more than a file for people to look at. */
const CELLS_MAX = 500_000;

/** Counts by bucket, component, kind, severity and class of latency, over all tables. */
export async function featureCells(
  database: DuckDb,
  tables: readonly Table[],
  request: FeatureRequest,
): Promise<readonly FeatureCell[]> {
  const cells: FeatureCell[] = [];
  for (const table of tables) {
    const open = table.open();
    try {
      for (const cell of await cellsInTable(database, open, request)) cells.push(cell);
    } finally {
      open.done();
    }
  }
  return cells;
}

async function cellsInTable(
  database: DuckDb,
  open: OpenTable,
  { filter, bucketNs }: FeatureRequest,
): Promise<readonly FeatureCell[]> {
  const where = whereOf(filter, open.dictionary, open.text?.columns);
  if (where === undefined || open.files.length === 0) return [];
  const columns = ['moment', 'component', 'kind', 'severity', 'duration'] as const;
  open.need([...columns, ...where.columns], open.text?.rows);
  const latency =
    `CASE WHEN kind = ${KIND_INDEX.span} AND duration >= 0 ` +
    `THEN floor(log2(greatest(duration / 1000, 1)) * ${CLASSES_PER_OCTAVE})::INT ELSE -1 END`;
  const rows = await database.rows(
    `SELECT ${bucketSql(bucketNs)}, component, kind, severity, ${latency}, count(*) ` +
      `FROM ${tableOf(open)} WHERE ${where.sql} GROUP BY ALL LIMIT ${CELLS_MAX + 1}`,
    where.parameters,
  );
  return rows.map(([start, component, kind, severity, latencyClass, count]) => ({
    start: BigInt(String(start)),
    component: open.dictionary[Number(component)] ?? '',
    kind: Number(kind),
    severity: Number(severity),
    latencyClass: Number(latencyClass),
    count: Number(count),
  }));
}
