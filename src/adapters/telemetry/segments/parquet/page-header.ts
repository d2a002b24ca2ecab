/** The kinds of pages that this reads, and how their values may be kept (parquet.thrift). */
export const PAGE_TYPE = { data: 0, dictionary: 2 } as const;
/** See `PAGE_TYPE`. */
export const PAGE_ENCODING = { plain: 0, deltaLength: 6, dictionaryIndexes: 8 } as const;

/** What the header of a page says. */
export interface PageHeader {
  /** A number of `PAGE_TYPE`, or one that is none of ours. */
  readonly type: number;
  /** A number of `PAGE_ENCODING`, or one that is none of ours. */
  readonly encoding: number;
  readonly plainBytes: number;
  /** Where its compressed bytes begin and end. */
  readonly start: number;
  readonly end: number;
}

/** Fields of the struct PageHeader in parquet.thrift. */
const FIELD = { type: 1, plainBytes: 2, bytes: 3, data: 5, dictionary: 7 } as const;

/** Field of the encoding in the headers of data and dictionary pages. */
const ENCODING_FIELD = 2;

/**
 * Reads the page header at `at` of a column chunk, in Thrift's compact protocol; undefined when it
 * is none that the database writes for texts.
 */
export function readPageHeader(chunk: Uint8Array, at: number): PageHeader | undefined {
  const reader = new StructReader(chunk, at);
  const header = reader.struct(0);
  const type = numberOf(header?.get(FIELD.type));
  const plainBytes = numberOf(header?.get(FIELD.plainBytes));
  const bytes = numberOf(header?.get(FIELD.bytes));
  const inner = header?.get(type === PAGE_TYPE.dictionary ? FIELD.dictionary : FIELD.data);
  if (!(inner instanceof Map) || reader.at + bytes > chunk.length) return undefined;
  const encoding = numberOf(inner.get(ENCODING_FIELD));
  return { type, encoding, plainBytes, start: reader.at, end: reader.at + bytes };
}

function numberOf(value: Value | undefined): number {
  return typeof value === 'number' ? value : Number.NaN;
}

/** A number, the fields of a struct, or something else that was passed over. */
type Value = number | ReadonlyMap<number, Value> | undefined;

/** Type numbers of the compact protocol. */
const THRIFT = { true: 1, false: 2, i16: 4, i64: 6, binary: 8, struct: 12 } as const;

/** Statistics lie within a page's own header within the header of pages. */
const DEPTH_MAX = 4;

/** Reads structs of numbers, passing over texts; undefined for anything else. */
class StructReader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  struct(depth: number): ReadonlyMap<number, Value> | undefined {
    const fields = new Map<number, Value>();
    if (depth > DEPTH_MAX) return undefined;
    for (let id = 0; this.at < this.#bytes.length;) {
      const byte = this.#bytes[this.at] ?? 0;
      this.at += 1;
      if (byte === 0) return fields;
      id = byte < 0x10 ? this.#zigzag() : id + (byte >> 4);
      const value = this.#value(byte & 0x0f, depth);
      if (value === 'unknown') return undefined;
      fields.set(id, value);
    }
    return undefined;
  }

  #value(type: number, depth: number): Value | 'unknown' {
    if (type === THRIFT.true || type === THRIFT.false) return undefined;
    if (type >= THRIFT.i16 && type <= THRIFT.i64) return this.#zigzag();
    if (type === THRIFT.struct) return this.struct(depth + 1) ?? 'unknown';
    if (type !== THRIFT.binary) return 'unknown';
    const length = this.#varint();
    this.at += length;
    return undefined;
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  #varint(): number {
    let [value, factor] = [0, 1];
    while (this.at < this.#bytes.length) {
      const byte = this.#bytes[this.at] ?? 0;
      this.at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
    return Number.NaN;
  }
}
