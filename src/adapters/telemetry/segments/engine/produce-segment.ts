import { MemoryFile } from '../memory-file.ts';
import { describeRows } from './describe-rows.ts';
import type { DuckDb } from './duck-db.ts';
import type { HotTable } from './hot-table.ts';
import { packSegment, SEGMENT_FORMAT } from './pack-segment.ts';
import type { Produced, RowFacts } from './protocol.ts';

/** Orders, compresses and encrypts a hot table; undefined when it has no rows. */
export async function produceSegment(
  database: DuckDb,
  hot: HotTable,
  folder: string,
  header: Uint8Array,
  key: Uint8Array,
): Promise<Produced | undefined> {
  if (hot.rows === 0) return undefined;
  const { dictionary, hasUids } = hot;
  const file = new MemoryFile(folder);
  try {
    const facts = await compress(database, hot, file);
    if (facts === undefined) return undefined;
    const traceFilter = hot.traces.filter();
    const parts = { dictionary, facts, hasUids, traceFilter, header, key };
    return await packSegment(database, file, parts);
  } finally {
    file.release();
  }
}

/** Writes the compressed file; answers what is in it. */
async function compress(
  database: DuckDb,
  hot: HotTable,
  file: MemoryFile,
): Promise<RowFacts | undefined> {
  const ordered = hot.ordered();
  try {
    const table = `read_parquet('${ordered.path}')`;
    await database.run(`COPY (FROM ${table}) TO '${file.path}' ${SEGMENT_FORMAT}`);
    return await describeRows(database, table, hot.dictionary);
  } finally {
    ordered.release();
  }
}
