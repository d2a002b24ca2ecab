import { utf8 } from '../../../../base/bytes.ts';
import type { ColumnSpec } from '../columns.ts';
import { thriftStruct, type ThriftValue } from './thrift-writer.ts';

/** One column's values of some rows, as Parquet's PLAIN encoding has them. */
export type PlainPage = Uint8Array;

/** Rows that come together: one page for each column. */
export interface PageRow {
  readonly rows: number;
  readonly pages: readonly PlainPage[];
}

const MAGIC = utf8('PAR1');

/** Numbers of the enumerations in parquet.thrift (Apache Parquet format 2.x). */
const PHYSICAL = { i64: 2, u64: 2, u32: 1, u8: 1, text: 6 } as const;
const CONVERTED = { i64: 18, u64: 14, u32: 13, u8: 11, text: 0 } as const;
const REQUIRED = 0;
const PLAIN = 0;
const RLE = 3;
const UNCOMPRESSED = 0;

/**
 * The parts of an uncompressed Parquet file with one row group, to be written one after the other.
 * Nothing is encoded or copied: the hot table hands over the columns as the log has them, which
 * costs a fiftieth of handing rows to a database one value at a time.
 */
export function parquetParts(
  columns: readonly ColumnSpec[],
  groups: readonly PageRow[],
): readonly Uint8Array[] {
  const parts: Uint8Array[] = [MAGIC];
  const chunks: ThriftValue[] = [];
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  let at = MAGIC.length;
  let total = 0;
  columns.forEach((column, index) => {
    const start = at;
    for (const group of groups) {
      const page = group.pages[index] ?? new Uint8Array();
      const header = pageHeader(page.length, group.rows);
      parts.push(header, page);
      at += header.length + page.length;
    }
    total += at - start;
    chunks.push(columnChunk(column, start, at - start, rows));
  });
  const footer = thriftStruct({
    1: { i32: 2 },
    2: { list: [schemaRoot(columns.length), ...columns.map(schemaLeaf)] },
    3: { i64: rows },
    4: { list: [{ struct: { 1: { list: chunks }, 2: { i64: total }, 3: { i64: rows } } }] },
  });
  const tail = new Uint8Array(8);
  new DataView(tail.buffer).setUint32(0, footer.length, true);
  tail.set(MAGIC, 4);
  parts.push(footer, tail);
  return parts;
}

function pageHeader(length: number, rows: number): Uint8Array {
  const data: ThriftValue = {
    struct: { 1: { i32: rows }, 2: { i32: PLAIN }, 3: { i32: RLE }, 4: { i32: RLE } },
  };
  return thriftStruct({ 1: { i32: 0 }, 2: { i32: length }, 3: { i32: length }, 5: data });
}

function columnChunk(column: ColumnSpec, start: number, length: number, rows: number): ThriftValue {
  const meta: ThriftValue = {
    struct: {
      1: { i32: PHYSICAL[column.type] },
      2: { list: [{ i32: PLAIN }] },
      3: { list: [{ text: column.name }] },
      4: { i32: UNCOMPRESSED },
      5: { i64: rows },
      6: { i64: length },
      7: { i64: length },
      9: { i64: start },
    },
  };
  return { struct: { 2: { i64: start }, 3: meta } };
}

function schemaRoot(columns: number): ThriftValue {
  return { struct: { 4: { text: 'record' }, 5: { i32: columns } } };
}

function schemaLeaf(column: ColumnSpec): ThriftValue {
  return {
    struct: {
      1: { i32: PHYSICAL[column.type] },
      3: { i32: REQUIRED },
      4: { text: column.name },
      6: { i32: CONVERTED[column.type] },
    },
  };
}
