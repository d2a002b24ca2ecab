import * as fs from 'node:fs';
import { open, readyKey, SEAL_OVERHEAD_BYTES, type SealKey } from '../../../../base/aead.ts';
import { MemoryFile } from '../memory-file.ts';
import {
  FINAL_BYTES,
  FRAME_BYTES,
  frameContext,
  readSegmentHeader,
  segmentFileId,
  type FrameKind,
} from './envelope-format.ts';
import type { RowRange } from './row-range.ts';
import { decodeIndex, type SegmentIndex } from './segment-index.ts';
import { envelopeBytes } from './write-envelope.ts';

/** A header is some hundred bytes; see `segmentHeader`. */
const HEADER_READ_BYTES = 32 * 1024;

/** The rows of a row group, and which one it is. */
export interface GroupRows extends RowRange {
  readonly number: number;
}

const EVERY_ROW: readonly RowRange[] = [{ from: 0, to: Infinity }];

/** Says that a segment is not the one that was sealed. The message names no content. */
export class SegmentDamaged extends Error {}

/**
 * A sealed segment, decrypted into a sparse memory file as far as queries needed it. Reading is
 * synchronous: it happens in the engine's own thread.
 */
export class SegmentReader {
  readonly index: SegmentIndex;
  readonly file: MemoryFile;
  readonly #disk: number;
  readonly #key: SealKey;
  readonly #fileId: Uint8Array;
  readonly #headerBytes: number;
  readonly #parquetBytes: number;
  /** 1 for each frame that is in the memory file. */
  readonly #present: Uint8Array;
  #bytes = 0;

  /** Opens and checks header, final frame and index. Throws `SegmentDamaged` or a system error. */
  constructor(path: string, key: Uint8Array, folder: string) {
    this.#key = readyKey(key);
    this.#disk = fs.openSync(path, 'r');
    try {
      const size = fs.fstatSync(this.#disk).size;
      const head = this.#readDisk(0, Math.min(size, HEADER_READ_BYTES));
      const header = readSegmentHeader(head);
      if (header === undefined) throw new SegmentDamaged('its header was altered');
      this.#headerBytes = header.length;
      this.#fileId = segmentFileId(head.subarray(0, header.length));
      const finalBytes = FINAL_BYTES + SEAL_OVERHEAD_BYTES;
      const final = this.#open(size - finalBytes, FINAL_BYTES, 'final', 0);
      const view = new DataView(final.buffer, final.byteOffset, final.byteLength);
      this.#parquetBytes = Number(view.getBigUint64(0, true));
      const indexBytes = Number(view.getBigUint64(8, true));
      if (envelopeBytes(header.length, this.#parquetBytes, indexBytes) !== size) {
        throw new SegmentDamaged(`it has ${size} bytes, not those it was sealed with`);
      }
      this.index = this.#readIndex(indexBytes);
      this.#present = new Uint8Array(Math.ceil(this.#parquetBytes / FRAME_BYTES));
      this.file = new MemoryFile(folder);
    } catch (error) {
      fs.closeSync(this.#disk);
      throw error;
    }
    this.#needFooter();
  }

  /** Bytes it holds in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Decrypts what a query of these columns reads, unless it is there already; with `rows` only the
   * row groups that hold them.
   */
  need(columns: readonly string[], rows?: readonly RowRange[]): void {
    const groups = this.groups(rows);
    for (const column of columns) {
      const chunks = this.index.chunks[column] ?? [];
      for (const { number } of groups) {
        const start = chunks[2 * number] ?? 0;
        this.#needRange(start, start + (chunks[2 * number + 1] ?? 0));
      }
    }
  }

  /** The row groups that hold these rows, those behind one another as one stretch of rows. */
  stretches(rows: readonly RowRange[]): readonly RowRange[] {
    const stretches: RowRange[] = [];
    for (const { from, to } of this.groups(rows)) {
      const last = stretches.at(-1);
      if (last?.to === from) stretches.pop();
      stretches.push({ from: last?.to === from ? last.from : from, to });
    }
    return stretches;
  }

  /** The row groups that hold these rows, or all of them, in order. */
  groups(rows: readonly RowRange[] = EVERY_ROW): readonly GroupRows[] {
    const groups: GroupRows[] = [];
    const sorted = rows.toSorted((a, b) => a.from - b.from);
    let [next, from] = [0, 0];
    this.index.groupRows.forEach((length, number) => {
      const to = from + length;
      while ((sorted[next]?.to ?? Infinity) <= from) next += 1;
      if ((sorted[next]?.from ?? Infinity) < to) groups.push({ number, from, to });
      from = to;
    });
    return groups;
  }

  /** The bytes of one column of a row group, decrypted and still compressed. */
  readChunk(column: string, group: number): Uint8Array {
    const [start = 0, length = 0] = (this.index.chunks[column] ?? []).slice(2 * group);
    this.#needRange(start, start + length);
    return this.file.read(start, length);
  }

  close(): void {
    fs.closeSync(this.#disk);
    this.file.release();
  }

  /** Everything outside of column chunks: the magic and, behind the last chunk, the footer. */
  #needFooter(): void {
    let end = 0;
    for (const chunks of Object.values(this.index.chunks)) {
      for (let i = 0; i + 1 < chunks.length; i += 2) {
        end = Math.max(end, (chunks[i] ?? 0) + (chunks[i + 1] ?? 0));
      }
    }
    this.#needRange(0, 1);
    this.#needRange(Math.min(end, this.#parquetBytes - 1), this.#parquetBytes);
  }

  #needRange(from: number, to: number): void {
    for (let frame = Math.floor(from / FRAME_BYTES); frame * FRAME_BYTES < to; frame += 1) {
      if (this.#present[frame] !== 0) continue;
      const length = Math.min(FRAME_BYTES, this.#parquetBytes - frame * FRAME_BYTES);
      const at = this.#headerBytes + frame * (FRAME_BYTES + SEAL_OVERHEAD_BYTES);
      this.file.write([this.#open(at, length, 'parquet', frame)], frame * FRAME_BYTES);
      this.#present[frame] = 1;
      this.#bytes += length;
    }
  }

  #readIndex(length: number): SegmentIndex {
    const parquetFrames = Math.ceil(this.#parquetBytes / FRAME_BYTES);
    let at = this.#headerBytes + this.#parquetBytes + parquetFrames * SEAL_OVERHEAD_BYTES;
    const index = new Uint8Array(length);
    for (let from = 0, number = 0; from < length; from += FRAME_BYTES, number += 1) {
      const plain = this.#open(at, Math.min(FRAME_BYTES, length - from), 'index', number);
      index.set(plain, from);
      at += plain.length + SEAL_OVERHEAD_BYTES;
    }
    return decodeIndex(index);
  }

  #open(at: number, length: number, kind: FrameKind, number: number): Uint8Array {
    const sealed = this.#readDisk(at, length + SEAL_OVERHEAD_BYTES);
    const plain = open(this.#key, sealed, frameContext(this.#fileId, kind, number));
    if (plain === undefined || plain.length !== length) {
      throw new SegmentDamaged(`its ${kind} frame ${number} does not authenticate`);
    }
    return plain;
  }

  #readDisk(at: number, length: number): Uint8Array {
    if (at < 0) throw new SegmentDamaged('it was cut off');
    const into = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const got = fs.readSync(this.#disk, into, done, length - done, at + done);
      if (got === 0) throw new SegmentDamaged('it was cut off');
      done += got;
    }
    return into;
  }
}
