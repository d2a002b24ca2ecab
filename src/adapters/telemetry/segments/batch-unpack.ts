import { err, ok, type Result } from '../../../base/result.ts';
import { RECORD_KINDS } from '../../../model/record/timeline-record.ts';
import {
  BATCH_HEADER_BYTES,
  BATCH_MAGIC,
  SHAPE,
  TEXT_SHAPE,
  type Packed,
  type PackedBatch,
  type PackedTexts,
} from './batch-layout.ts';
import { BATCH_BYTES_MAX, BATCH_ROWS_MAX } from './limits.ts';

const SEVERITY_MAX = 24;

/**
 * Takes encoded bytes apart, or says why they are no batch. Any bytes may be given: every offset,
 * length and index is checked before use, and work is bounded by the limits of a batch.
 */
export function unpackBatch(bytes: Uint8Array): Result<PackedBatch, string> {
  if (bytes.length < BATCH_HEADER_BYTES) return err('shorter than a batch header');
  if (bytes.length > BATCH_BYTES_MAX) return err(`${bytes.length} bytes, over the limit`);
  // Views of 8-byte numbers need aligned memory; frames are read into odd places.
  const reader = new ColumnReader(bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes));
  const [magic, rows, entries] = [reader.u32(0), reader.u32(4), reader.u32(8)];
  if (magic !== BATCH_MAGIC) return err('not a batch');
  if (rows > BATCH_ROWS_MAX) return err(`${rows} rows, over the limit of ${BATCH_ROWS_MAX}`);
  if (entries < 1 || entries > 8 * BATCH_ROWS_MAX + 1) return err(`${entries} dictionary entries`);
  try {
    return ok(readColumns(reader, rows, entries));
  } catch (error) {
    if (error instanceof Malformed) return err(error.message);
    throw error;
  }
}

/** Every text of a column; `count` is known to be right from unpacking. */
export function textsOf(packed: PackedTexts, count: number): readonly string[] {
  if (packed.shape === TEXT_SHAPE.empty) return new Array<string>(count).fill('');
  const { plain } = packed;
  const buffer = Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength);
  const whole = packed.shape === TEXT_SHAPE.ascii ? buffer.toString('latin1') : undefined;
  const texts = new Array<string>(count);
  for (let i = 0, at = 0; i < count; i += 1) {
    const end = at + 4 + buffer.readUInt32LE(at);
    texts[i] =
      whole === undefined ? buffer.toString('utf8', at + 4, end) : whole.slice(at + 4, end);
    at = end;
  }
  return texts;
}

function readColumns(reader: ColumnReader, rows: number, entries: number): PackedBatch {
  const dictionary = textsOf(reader.texts(entries), entries);
  if (dictionary[0] !== '') throw new Malformed('entry 0 of the dictionary is not empty');
  const texts = {
    body: reader.texts(rows),
    attributes: reader.texts(rows),
    position: reader.texts(rows),
    uid: reader.texts(rows),
  };
  const wide = {
    timeNs: reader.column(rows, 8),
    observedNs: reader.column(rows, 8),
    durationNs: reader.column(rows, 8),
    traceHigh: reader.column(rows, 8),
    traceLow: reader.column(rows, 8),
    span: reader.column(rows, 8),
    parentSpan: reader.column(rows, 8),
  };
  const indexes = {
    component: reader.indexes(rows, entries),
    host: reader.indexes(rows, entries),
    service: reader.indexes(rows, entries),
    severityText: reader.indexes(rows, entries),
    eventName: reader.indexes(rows, entries),
    resource: reader.indexes(rows, entries),
    source: reader.indexes(rows, entries),
    clock: reader.indexes(rows, entries),
  };
  const bytes = {
    kind: reader.bytes(rows, RECORD_KINDS.length - 1),
    severity: reader.bytes(rows, SEVERITY_MAX),
    bodyIsJson: reader.bytes(rows, 1),
  };
  reader.end();
  return { rows, dictionary, wide, indexes, bytes, texts };
}

/** Carries the reason out of the nested reads; never leaves this file. */
class Malformed extends Error {}

/** Reads columns one after the other; each read checks that it stays inside. */
class ColumnReader {
  #bytes: Uint8Array;
  #view: DataView;
  #at = BATCH_HEADER_BYTES;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u32(at: number): number {
    return this.#view.getUint32(at, true);
  }

  /** The next `length` bytes; the padding behind them is passed over. */
  #take(length: number): Uint8Array {
    const start = this.#at;
    const next = start + ((length + 7) & ~7);
    if (next > this.#bytes.length) throw new Malformed('a column is cut off');
    this.#at = next;
    return this.#bytes.subarray(start, start + length);
  }

  texts(count: number): PackedTexts {
    const at = this.#at;
    this.#take(8);
    const [length, shape] = [this.u32(at), this.u32(at + 4)];
    if (length > this.#bytes.length) throw new Malformed('a column is cut off');
    if (shape === TEXT_SHAPE.empty && length > 0) throw new Malformed('empty texts with bytes');
    if (shape > TEXT_SHAPE.utf8) throw new Malformed(`text shape ${shape}`);
    const start = this.#at;
    const plain = this.#take(length);
    if (shape === TEXT_SHAPE.empty) return { shape, plain };
    let offset = 0;
    for (let i = 0; i < count; i += 1) {
      if (offset + 4 > length) throw new Malformed('a text is cut off');
      offset += 4 + this.u32(start + offset);
    }
    if (offset !== length) throw new Malformed('texts do not fill their column');
    return { shape, plain };
  }

  column(rows: number, width: number): Packed<Uint8Array> {
    const at = this.#at;
    this.#take(8);
    const shape = this.u32(at);
    if (shape !== SHAPE.full && shape !== SHAPE.constant) throw new Malformed(`shape ${shape}`);
    const constant = shape === SHAPE.constant;
    const count = constant ? Math.min(rows, 1) : rows;
    return { constant, values: this.#take(count * width) };
  }

  indexes(rows: number, entries: number): Packed<Uint32Array> {
    const { constant, values } = this.column(rows, 4);
    const indexes = new Uint32Array(values.buffer, values.byteOffset, values.length / 4);
    for (const index of indexes) {
      if (index >= entries) throw new Malformed(`dictionary index ${index} of ${entries}`);
    }
    return { constant, values: indexes };
  }

  bytes(rows: number, max: number): Packed<Uint8Array> {
    const column = this.column(rows, 1);
    for (const value of column.values) {
      if (value > max) throw new Malformed(`${value} is over ${max}`);
    }
    return column;
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw new Malformed('bytes behind the last column');
  }
}
