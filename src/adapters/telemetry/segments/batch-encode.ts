import type { RecordBatch } from '../../../model/record/record-batch.ts';
import {
  BATCH_HEADER_BYTES,
  BATCH_MAGIC,
  BYTE_COLUMNS,
  INDEX_COLUMNS,
  SHAPE,
  TEXT_COLUMNS,
  TEXT_SHAPE,
  WIDE_COLUMNS,
} from './batch-layout.ts';

/** The bytes of a batch in memory of their own. The layout is described in `batch-layout.ts`. */
export function encodeBatch(batch: RecordBatch): Uint8Array<ArrayBuffer> {
  const texts = [batch.dictionary, ...TEXT_COLUMNS.map((name) => batch[name])].map(textRoom);
  const wide = WIDE_COLUMNS.map((name) => packed(batch[name]));
  const small = [...INDEX_COLUMNS, ...BYTE_COLUMNS].map((name) => packed(batch[name]));
  let capacity = BATCH_HEADER_BYTES;
  for (const { room } of texts) capacity += 8 + aligned(room);
  for (const column of [...wide, ...small]) capacity += 8 + aligned(column.byteLength);
  const target = Buffer.alloc(capacity);
  [BATCH_MAGIC, batch.rows, batch.dictionary.length, 0].forEach((value, i) => {
    target.writeUInt32LE(value, 4 * i);
  });
  let at = BATCH_HEADER_BYTES;
  for (const { column, room } of texts) at = writeTexts(target, at, column, room);
  for (const column of [...wide, ...small]) {
    const full = column.length === batch.rows && batch.rows > 1;
    target.writeUInt32LE(full ? SHAPE.full : SHAPE.constant, at);
    target.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at + 8);
    at += 8 + aligned(column.byteLength);
  }
  return new Uint8Array(target.buffer, 0, at);
}

type NumberColumn = BigInt64Array | BigUint64Array | Uint32Array | Uint8Array;

/** The column itself, or only its first value when all are equal. */
function packed(column: NumberColumn): NumberColumn {
  // Compared as 32-bit words: reading a bigint makes an object.
  const words =
    column instanceof Uint8Array || column instanceof Uint32Array
      ? column
      : new Uint32Array(column.buffer, column.byteOffset, column.length * 2);
  const step = words.length === column.length ? 1 : 2;
  const [first, second] = [words[0], words[step - 1]];
  for (let at = step; at < words.length; at += step) {
    if (words[at] !== first || words[at + step - 1] !== second) return column;
  }
  return column.subarray(0, 1);
}

/** A text column and the bytes it needs; none when every text is empty. */
function textRoom(column: readonly string[]): {
  readonly column: readonly string[];
  readonly room: number;
} {
  let bytes = 0;
  for (const text of column) if (text !== '') bytes += Buffer.byteLength(text, 'utf8');
  const room = bytes === 0 ? 0 : 4 * column.length + bytes;
  return { column, room };
}

/** Writes a text column at an offset; answers where the next one begins. */
function writeTexts(
  target: Buffer,
  start: number,
  column: readonly string[],
  room: number,
): number {
  let at = start + 8;
  let ascii = true;
  if (room > 0) {
    for (const text of column) {
      const written = target.write(text, at + 4, 'utf8');
      target.writeUInt32LE(written, at);
      if (written !== text.length) ascii = false;
      at += 4 + written;
    }
  }
  target.writeUInt32LE(at - start - 8, start);
  const shape = room === 0 ? TEXT_SHAPE.empty : ascii ? TEXT_SHAPE.ascii : TEXT_SHAPE.utf8;
  target.writeUInt32LE(shape, start + 4);
  return start + 8 + aligned(at - start - 8);
}

/** The next multiple of 8. */
function aligned(length: number): number {
  return (length + 7) & ~7;
}
