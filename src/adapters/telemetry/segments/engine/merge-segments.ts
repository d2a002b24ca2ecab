import { DuckDBBlobValue } from '@duckdb/node-api';
import { assert } from '../../../../base/assert.ts';
import { COLUMNS, type ColumnName } from '../columns.ts';
import { MemoryFile } from '../memory-file.ts';
import { describeRows } from './describe-rows.ts';
import type { DuckDb } from './duck-db.ts';
import { joinDictionaries, TEXT_NUMBERS, type InputRows } from './join-dictionaries.ts';
import { packSegment, SEGMENT_FORMAT } from './pack-segment.ts';
import type { EngineCalls, Produced, RowGroup } from './protocol.ts';
import { tableOf } from './table-source.ts';
import type { OpenTable } from './table.ts';
import { BLOCK_ROWS, TEXT_COLUMNS, TextCollector } from './text-filter.ts';
import { TraceCollector } from './trace-filter.ts';

const EVERY_COLUMN: readonly ColumnName[] = COLUMNS.map(({ name }) => name);

/**
 * Makes one segment of several, or of one without some of its rows. The rows keep their ids. What
 * it needs of memory is bounded by whoever chooses the segments: a single one is streamed, several
 * are sorted, which takes about twice their plain bytes.
 */
export async function mergeSegments(
  database: DuckDb,
  tables: readonly OpenTable[],
  { drop, header, key }: EngineCalls['merge']['in'],
  folder: string,
): Promise<Produced | undefined> {
  for (const table of tables) table.need(EVERY_COLUMN);
  const inputs = tables.map((table): InputRows => {
    const { dictionary } = table;
    return { table: tableOf(table), dictionary, keep: keepSql(drop, dictionary) };
  });
  const { dictionary, maps } = await joinDictionaries(database, inputs);
  const file = new MemoryFile(folder);
  try {
    await database.runMapped(
      `COPY (${mergedSql(inputs)}) TO '${file.path}' ${SEGMENT_FORMAT}`,
      maps,
    );
    const table = `read_parquet('${file.path}')`;
    const facts = await describeRows(database, table, dictionary);
    if (facts === undefined) return undefined;
    const [uids] = await database.rows(`SELECT count(*) FROM ${table} WHERE uid <> ''`);
    const hasUids = Number(uids?.[0]) > 0;
    const traceFilter = await traceFilterOf(database, table);
    const textFilter = await textFilterOf(database, file, facts.rows);
    const filters = { traceFilter, textFilter };
    const parts = { dictionary, facts, hasUids, ...filters, header, key };
    return await packSegment(database, file, parts);
  } finally {
    file.release();
  }
}

async function traceFilterOf(database: DuckDb, table: string): Promise<Uint8Array> {
  const traces = new TraceCollector();
  const words = ['trace_high', 'trace_low'].flatMap((half) => [
    `(${half} & 4294967295)::UINTEGER`,
    `(${half} >> 32)::UINTEGER`,
  ]);
  await database.each(`SELECT DISTINCT ${words.join(', ')} FROM ${table}`, ([a, b, c, d]) =>
    traces.addId([Number(a), Number(b), Number(c), Number(d)]),
  );
  return traces.filter();
}

/**
 * The texts come out of the database a block at a time: one by one they would cost ten times as
 * much as all the rest of a merge.
 */
async function textFilterOf(database: DuckDb, file: MemoryFile, rows: number): Promise<Uint8Array> {
  const texts = new TextCollector();
  const table = tableOf({ files: [file], dictionary: [] });
  const lines = TEXT_COLUMNS.map((column) => `encode(string_agg(${column}, chr(10)))`);
  for (let from = 0; from < rows; from += BLOCK_ROWS) {
    const [block = []] = await database.rows(
      `SELECT ${lines.join(', ')} FROM ${table} ` +
        `WHERE file_row_number >= ${from} AND file_row_number < ${from + BLOCK_ROWS}`,
    );
    TEXT_COLUMNS.forEach((column, i) => {
      const value = block[i];
      assert(value instanceof DuckDBBlobValue, 'the rows of a block have texts');
      texts.addLines(column, value.bytes, Math.min(BLOCK_ROWS, rows - from));
    });
  }
  return texts.filter();
}

/** The rows of all inputs with the numbers of the joint dictionary, as a segment orders them. */
function mergedSql(inputs: readonly InputRows[]): string {
  const parts = inputs.map(({ table, keep }, input) => {
    const columns = COLUMNS.map(({ name }) =>
      TEXT_NUMBERS.includes(name) ? `$${input + 1}[${name} + 1] AS ${name}` : name,
    );
    return `SELECT ${columns.join(', ')} FROM ${table} WHERE ${keep}`;
  });
  // One input has its order already: then nothing is held in memory to be sorted.
  const order = inputs.length === 1 ? '' : ' ORDER BY component, moment, seq';
  return `${parts.join(' UNION ALL ')}${order}`;
}

/** The condition that a row is in none of the groups to drop. */
function keepSql(drop: readonly RowGroup[], dictionary: readonly string[]): string {
  const numbers = new Map(dictionary.map((text, number) => [text, number]));
  const byKind = Map.groupBy(drop, ({ kind }) => kind);
  const terms = [...byKind].flatMap(([kind, groups]) => {
    const components = groups.flatMap(({ component }) => numbers.get(component) ?? []);
    assert(Number.isInteger(kind), 'a kind is a number');
    return components.length === 0
      ? []
      : [`NOT (kind = ${kind} AND component IN (${components.join(', ')}))`];
  });
  return terms.length === 0 ? 'true' : terms.join(' AND ');
}
