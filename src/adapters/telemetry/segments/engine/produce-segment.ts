import { MemoryFile } from '../memory-file.ts';
import { describeRows } from './describe-rows.ts';
import type { DuckDb } from './duck-db.ts';
import type { HotTable } from './hot-table.ts';
import { packSegment, SEGMENT_FORMAT } from './pack-segment.ts';
import type { Produced, RowFacts } from './protocol.ts';
import { TextCollector } from './text-filter.ts';

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
    const texts = new TextCollector();
    const facts = await compress(database, hot, file, texts);
    if (facts === undefined) return undefined;
    const filters = { traceFilter: hot.traces.filter(), textFilter: texts.filter() };
    const parts = { dictionary, facts, hasUids, ...filters, header, key };
    return await packSegment(database, file, parts);
  } finally {
    file.release();
  }
}

/** Writes the compressed file and gathers its texts; answers what is in it. */
async function compress(
  database: DuckDb,
  hot: HotTable,
  file: MemoryFile,
  texts: TextCollector,
): Promise<RowFacts | undefined> {
  const ordered = hot.ordered(texts);
  try {
    const table = `read_parquet('${ordered.path}')`;
    await database.run(`COPY (FROM ${table}) TO '${file.path}' ${SEGMENT_FORMAT}`);
    return await describeRows(database, table, hot.dictionary);
  } finally {
    ordered.release();
  }
}
