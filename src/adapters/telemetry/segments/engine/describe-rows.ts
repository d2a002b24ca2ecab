import { bucketSql } from './count.ts';
import type { DuckDb } from './duck-db.ts';
import type { DensityNumbers, RowFacts } from './protocol.ts';

/** Width of the pre-aggregates: the finest histogram of the timeline view. */
const DENSITY_BUCKET_NS = 10_000_000_000n;

/** Pre-aggregates of more entries cost more to keep than to compute. */
const DENSITY_ENTRIES_MAX = 20_000;

/** Counts the rows of a table; undefined when it has none. */
export async function describeRows(
  database: DuckDb,
  table: string,
  dictionary: readonly string[],
): Promise<RowFacts | undefined> {
  const counted = await database.rows(
    'SELECT component, kind, count(*), min(moment), max(moment), min(observed), max(observed) ' +
      `FROM ${table} GROUP BY ALL ORDER BY component, kind`,
  );
  if (counted.length === 0) return undefined;
  const numbers = [...new Set(counted.map(([component]) => Number(component)))];
  const places = new Map(numbers.map((component, place) => [component, place]));
  const groups = counted.flatMap(([component, kind, rows]) => [
    places.get(Number(component)) ?? 0,
    Number(kind),
    Number(rows),
  ]);
  const wide = (column: number): bigint[] => counted.map((row) => BigInt(String(row[column])));
  const density = await densityOf(database, table, places);
  return {
    rows: counted.reduce((sum, row) => sum + Number(row[2]), 0),
    minMoment: least(wide(3)),
    maxMoment: most(wide(4)),
    minObserved: least(wide(5)),
    maxObserved: most(wide(6)),
    components: numbers.map((component) => dictionary[component] ?? ''),
    groups,
    ...(density === undefined ? {} : { density }),
  };
}

async function densityOf(
  database: DuckDb,
  table: string,
  places: ReadonlyMap<number, number>,
): Promise<DensityNumbers | undefined> {
  const start = `(${bucketSql(DENSITY_BUCKET_NS)}) // ${DENSITY_BUCKET_NS}`;
  const rows = await database.rows(
    `SELECT ${start}, component, kind, severity, ` +
      `count(*) FROM ${table} GROUP BY ALL ORDER BY 1 LIMIT ${DENSITY_ENTRIES_MAX + 1}`,
  );
  if (rows.length > DENSITY_ENTRIES_MAX) return undefined;
  return rows.flatMap(([bucket, component, kind, severity, count]) => [
    Number(bucket),
    places.get(Number(component)) ?? 0,
    Number(kind),
    Number(severity),
    Number(count),
  ]);
}

function least(values: readonly bigint[]): bigint {
  return values.reduce((best, value) => (value < best ? value : best));
}

function most(values: readonly bigint[]): bigint {
  return values.reduce((best, value) => (value > best ? value : best));
}
