import type { RecordBatch } from '../../../model/record/record-batch.ts';

/**
 * The byte layout of an encoded batch, little endian, every column aligned to 8 bytes:
 *
 * - header: magic, rows, entries of the dictionary, zero (u32 each)
 * - the dictionary, then body, attributes, position, uid: each a byte length (u32), a shape (u32)
 *   and unless empty its texts, each a length (u32) and UTF-8
 * - the number columns in the order below: a shape (u32), zero (u32), one value or one per row
 *
 * Texts are written as Parquet's PLAIN encoding has them and numbers as it has them, so that the
 * hot table takes whole columns without touching a single row. A column whose rows are all equal
 * is written once, which most are within one request.
 */
export const BATCH_MAGIC = 0x3142474c;

/** Bytes of the fixed header. */
export const BATCH_HEADER_BYTES = 16;

/** How a number column is written. */
export const SHAPE = { constant: 0, full: 1 } as const;

/** How a text column is written: nothing, ASCII only (a byte is a character), or any UTF-8. */
export const TEXT_SHAPE = { empty: 0, ascii: 1, utf8: 2 } as const;

type ColumnsOf<Column> = {
  [Key in keyof RecordBatch]: RecordBatch[Key] extends Column ? Key : never;
}[keyof RecordBatch];

/** Columns of 64-bit values. */
export const WIDE_COLUMNS = [
  'timeNs',
  'observedNs',
  'durationNs',
  'traceHigh',
  'traceLow',
  'span',
  'parentSpan',
] as const satisfies readonly (ColumnsOf<BigInt64Array> | ColumnsOf<BigUint64Array>)[];

/** Columns of indexes into the dictionary. */
export const INDEX_COLUMNS = [
  'component',
  'host',
  'service',
  'severityText',
  'eventName',
  'resource',
  'source',
  'clock',
] as const satisfies readonly ColumnsOf<Uint32Array>[];

/** Columns of small numbers. */
export const BYTE_COLUMNS = [
  'kind',
  'severity',
  'bodyIsJson',
] as const satisfies readonly ColumnsOf<Uint8Array>[];

/** Columns of texts of their own. */
export const TEXT_COLUMNS = [
  'body',
  'attributes',
  'position',
  'uid',
] as const satisfies readonly (keyof RecordBatch)[];

/** A number column as it is written: every row, or one value that all rows have. */
export interface Packed<Values> {
  readonly constant: boolean;
  readonly values: Values;
}

/** A text column as it is written. */
export interface PackedTexts {
  readonly shape: number;
  /** Length and UTF-8 of each text; nothing when all are empty. */
  readonly plain: Uint8Array;
}

/** An encoded batch taken apart without decoding the texts of its rows. */
export interface PackedBatch {
  readonly rows: number;
  readonly dictionary: readonly string[];
  readonly wide: Readonly<Record<(typeof WIDE_COLUMNS)[number], Packed<Uint8Array>>>;
  readonly indexes: Readonly<Record<(typeof INDEX_COLUMNS)[number], Packed<Uint32Array>>>;
  readonly bytes: Readonly<Record<(typeof BYTE_COLUMNS)[number], Packed<Uint8Array>>>;
  readonly texts: Readonly<Record<(typeof TEXT_COLUMNS)[number], PackedTexts>>;
}
