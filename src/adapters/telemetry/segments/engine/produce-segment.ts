import { sha256 } from '../../../../base/hash.ts';
import { encodeIndex, type SegmentIndex } from '../segment/segment-index.ts';
import { writeEnvelope } from '../segment/write-envelope.ts';
import { MemoryFile } from '../memory-file.ts';
import { bucketSql } from './count.ts';
import type { DuckDb } from './duck-db.ts';
import type { HotTable } from './hot-table.ts';
import { GROUP_ROWS } from './ordered-copy.ts';
import type { DensityNumbers, Produced } from './protocol.ts';

/** Width of the pre-aggregates: the finest histogram of the timeline view. */
export const DENSITY_BUCKET_NS = 10_000_000_000n;

/** Pre-aggregates of more entries cost more to keep than to compute. */
const DENSITY_ENTRIES_MAX = 20_000;

/** Orders, compresses and encrypts a hot table; undefined when it has no rows. */
export async function produceSegment(
  database: DuckDb,
  hot: HotTable,
  folder: string,
  header: Uint8Array,
  key: Uint8Array,
): Promise<Produced | undefined> {
  const range = hot.range();
  if (range === undefined) return undefined;
  const components = [...hot.components].toSorted((a, b) => a - b);
  const file = new MemoryFile(folder);
  try {
    const density = await compress(database, hot, file, components);
    const index = { dictionary: hot.dictionary, ...(await layoutOf(database, file.path)) };
    const envelope = writeEnvelope(header, key, file, encodeIndex(index));
    return {
      envelope,
      sha256: sha256(envelope),
      rows: hot.rows,
      ...range,
      components: components.map((component) => hot.dictionary[component] ?? ''),
      hasUids: hot.hasUids,
      traceFilter: hot.traces.filter(),
      ...(density === undefined ? {} : { density }),
    };
  } finally {
    file.release();
  }
}

/** Writes the compressed file; answers the pre-aggregates. */
async function compress(
  database: DuckDb,
  hot: HotTable,
  file: MemoryFile,
  components: readonly number[],
): Promise<DensityNumbers | undefined> {
  const ordered = hot.ordered();
  try {
    const table = `read_parquet('${ordered.path}')`;
    await database.run(
      `COPY (FROM ${table}) TO '${file.path}' (FORMAT parquet, COMPRESSION zstd, ` +
        `PARQUET_VERSION V2, ROW_GROUP_SIZE ${GROUP_ROWS}, USE_TMP_FILE false)`,
    );
    return await densityOf(database, table, components);
  } finally {
    ordered.release();
  }
}

async function densityOf(
  database: DuckDb,
  table: string,
  components: readonly number[],
): Promise<DensityNumbers | undefined> {
  const bucket = `(${bucketSql(DENSITY_BUCKET_NS)}) // ${DENSITY_BUCKET_NS}`;
  const rows = await database.rows(
    `SELECT ${bucket}, component, kind, severity, ` +
      `count(*) FROM ${table} GROUP BY ALL ORDER BY 1 LIMIT ${DENSITY_ENTRIES_MAX + 1}`,
  );
  if (rows.length > DENSITY_ENTRIES_MAX) return undefined;
  const numbers: number[] = [];
  for (const [bucket, component, kind, severity, count] of rows) {
    const place = components.indexOf(Number(component));
    numbers.push(Number(bucket), place, Number(kind), Number(severity), Number(count));
  }
  return numbers;
}

/** Where each column's chunks lie in the file, so that a query decrypts no others. */
async function layoutOf(database: DuckDb, path: string): Promise<Omit<SegmentIndex, 'dictionary'>> {
  const rows = await database.rows(
    `SELECT path_in_schema, CASE WHEN dictionary_page_offset > 0 ` +
      `THEN least(dictionary_page_offset, data_page_offset) ELSE data_page_offset END, ` +
      `total_compressed_size, row_group_id, row_group_num_rows ` +
      `FROM parquet_metadata('${path}') ORDER BY row_group_id`,
  );
  const chunks: Record<string, number[]> = {};
  const groupRows: number[] = [];
  for (const [column, start, length, group, groupLength] of rows) {
    (chunks[String(column)] ??= []).push(Number(start), Number(length));
    groupRows[Number(group)] = Number(groupLength);
  }
  return { groupRows, chunks };
}
