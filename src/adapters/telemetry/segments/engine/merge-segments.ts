import { assert } from '../../../../base/assert.ts';
import { COLUMNS, type ColumnName } from '../columns.ts';
import { MemoryFile } from '../memory-file.ts';
import { describeRows } from './describe-rows.ts';
import type { DuckDb } from './duck-db.ts';
import type { OpenTable } from './find.ts';
import { joinDictionaries, TEXT_NUMBERS, type InputRows } from './join-dictionaries.ts';
import { packSegment, SEGMENT_FORMAT } from './pack-segment.ts';
import type { EngineCalls, Produced, RowGroup } from './protocol.ts';
import { tableOf } from './table-source.ts';
import { TEXT_COLUMNS, TextCollector } from './text-filter.ts';
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
    const traces = new TraceCollector();
    await database.each(
      `SELECT DISTINCT trace_high, trace_low FROM ${table}`,
      ([high, low]) => void traces.addId(BigInt(String(high)), BigInt(String(low))),
    );
    const [uids] = await database.rows(`SELECT count(*) FROM ${table} WHERE uid <> ''`);
    const hasUids = Number(uids?.[0]) > 0;
    const texts = new TextCollector();
    await database.each(`SELECT ${TEXT_COLUMNS.join(', ')} FROM ${table}`, (row) => {
      TEXT_COLUMNS.forEach((column, i) => texts.addText(column, String(row[i])));
    });
    const filters = { traceFilter: traces.filter(), textFilter: texts.filter() };
    const parts = { dictionary, facts, hasUids, ...filters, header, key };
    return await packSegment(database, file, parts);
  } finally {
    file.release();
  }
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
