import { utf8 } from '../../../../base/bytes.ts';
import type { ColumnSpec } from '../columns.ts';
import { thriftStruct, type ThriftValue } from './thrift-writer.ts';

/** One column's values of some rows as Parquet's PLAIN encoding has them, in any pieces. */
export type PlainPage = readonly Uint8Array[];

const MAGIC = utf8('PAR1');

/** Numbers of the enumerations in parquet.thrift (Apache Parquet format 2.x). */
const PHYSICAL = { i64: 2, u64: 2, u32: 1, u8: 1, text: 6 } as const;
const CONVERTED = { i64: 18, u64: 14, u32: 13, u8: 11, text: 0 } as const;
const REQUIRED = 0;
const PLAIN = 0;
const RLE = 3;
const UNCOMPRESSED = 0;

/**
 * Lays out an uncompressed Parquet file, row group by row group. Nothing is encoded or copied: the
 * hot table hands over columns as the log has them, which costs a fiftieth of handing rows to a
 * database one value at a time. What `take` gives is to be written one after the other.
 */
export class ParquetWriter {
  readonly #columns: readonly ColumnSpec[];
  readonly #groups: ThriftValue[] = [];
  #parts: Uint8Array[] = [MAGIC];
  #at = MAGIC.length;
  #rows = 0;

  constructor(columns: readonly ColumnSpec[]) {
    this.#columns = columns;
  }

  /** Adds a row group; answers where in the file the values of each column begin. */
  addGroup(rows: number, pages: readonly PlainPage[]): readonly number[] {
    const first = this.#at;
    const chunks: ThriftValue[] = [];
    const places: number[] = [];
    this.#columns.forEach((column, index) => {
      const page = pages[index] ?? [];
      const length = page.reduce((sum, part) => sum + part.length, 0);
      const header = pageHeader(length, rows);
      const start = this.#at;
      this.#parts.push(header, ...page);
      this.#at += header.length + length;
      places.push(start + header.length);
      chunks.push(columnChunk(column, start, this.#at - start, rows));
    });
    this.#rows += rows;
    this.#groups.push({
      struct: { 1: { list: chunks }, 2: { i64: this.#at - first }, 3: { i64: rows } },
    });
    return places;
  }

  /** Adds the footer; nothing may follow it. */
  finish(): void {
    const footer = thriftStruct({
      1: { i32: 2 },
      2: { list: [schemaRoot(this.#columns.length), ...this.#columns.map(schemaLeaf)] },
      3: { i64: this.#rows },
      4: { list: this.#groups },
    });
    const tail = new Uint8Array(8);
    new DataView(tail.buffer).setUint32(0, footer.length, true);
    tail.set(MAGIC, 4);
    this.#parts.push(footer, tail);
  }

  /** The bytes added since the last call. */
  take(): readonly Uint8Array[] {
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }
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
