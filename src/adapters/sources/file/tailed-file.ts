import type { OpenFile } from './file-access.ts';
import { cutLines, LINE_BYTES_MAX, type CutLine } from './cut-lines.ts';
import {
  EMPTY_MARK,
  HEAD_BYTES,
  markOf,
  marks,
  TAIL_BYTES,
  type FilePosition,
} from './file-position.ts';

/** Read at a time: a few thousand lines, and more than the longest line. */
const CHUNK_BYTES = 2 * LINE_BYTES_MAX;

/** New lines of a file, and where it stands once they are durable. */
export interface FileChunk {
  readonly file: TailedFile;
  readonly lines: readonly CutLine[];
  /** The offset of the chunk's first byte: `CutLine.at` counts from here. */
  readonly start: number;
  readonly bytes: number;
  readonly next: FilePosition;
  /** More can be read at once. */
  readonly hasMore: boolean;
}

/** One file that is followed. */
export class TailedFile {
  position: FilePosition;
  readonly #handle: OpenFile;
  /** When its size last changed, milliseconds of uptime. */
  grownMs: number;
  #size = -1;
  #changedMs = -1;
  /** Only a line without its end is left to read. */
  #isWaiting = false;
  /** Whether a path of the patterns leads to it. */
  isListed = true;

  constructor(handle: OpenFile, position: FilePosition, nowMs: number) {
    this.#handle = handle;
    this.position = position;
    this.grownMs = nowMs;
  }

  get identity(): string {
    return this.#handle.identity;
  }

  /** Bytes that were there at the last look and are not durable yet. */
  get backlogBytes(): number {
    return Math.max(0, this.#size - this.position.offset);
  }

  /**
   * Reads what is new; undefined when there is nothing. A last line without its end is taken once
   * the file has not grown for `flushMs`. The position moves when the caller sets it, after the
   * chunk is durable; only a file that was cut is set back to its beginning here, and told so.
   */
  async read(
    nowMs: number,
    flushMs: number,
    wasTruncated: (before: FilePosition) => void,
  ): Promise<FileChunk | undefined> {
    const { size, changedMs } = await this.#handle.look();
    const isTouched = size !== this.#size || changedMs !== this.#changedMs;
    if (isTouched) this.grownMs = nowMs;
    this.#size = size;
    this.#changedMs = changedMs;
    const takesRest = nowMs - this.grownMs >= flushMs;
    const isDone = size === this.position.offset || (this.#isWaiting && !takesRest);
    if (!isTouched && isDone) return undefined;
    const from = await this.#trueStart(size);
    if (from !== this.position) {
      wasTruncated(this.position);
      this.position = from;
    }
    if (size === from.offset) return undefined;
    return this.#readFrom(from, size, takesRest);
  }

  /** The position if the bytes before it are still those we read, else the beginning. */
  async #trueStart(size: number): Promise<FilePosition> {
    const { position } = this;
    if (size >= position.offset) {
      const before = new Uint8Array(position.tail.length);
      await this.#handle.read(before, position.offset - before.length);
      if (marks(position.tail, before)) return position;
    }
    return { ...position, head: EMPTY_MARK, offset: 0, tail: EMPTY_MARK, isSkipping: false };
  }

  async #readFrom(
    from: FilePosition,
    size: number,
    takesRest: boolean,
  ): Promise<FileChunk | undefined> {
    const buffer = new Uint8Array(Math.min(CHUNK_BYTES, size - from.offset));
    const length = await this.#handle.read(buffer, from.offset);
    const chunk = buffer.subarray(0, length);
    const isWhole = from.offset + length >= size;
    const { lines, done, isSkipping } = cutLines(chunk, from.isSkipping, takesRest && isWhole);
    this.#isWaiting = isWhole && done < length;
    if (done === 0) return undefined;
    const offset = from.offset + done;
    return {
      file: this,
      lines,
      start: from.offset,
      bytes: done,
      hasMore: !isWhole,
      next: {
        ...from,
        offset,
        isSkipping,
        head: await this.#head(from, size),
        tail: await this.#tail(chunk, done, offset),
      },
    };
  }

  async #head(from: FilePosition, size: number) {
    if (from.head.length >= HEAD_BYTES) return from.head;
    const head = new Uint8Array(Math.min(HEAD_BYTES, size));
    return markOf(head.subarray(0, await this.#handle.read(head, 0)));
  }

  async #tail(chunk: Uint8Array, done: number, offset: number) {
    if (done >= TAIL_BYTES) return markOf(chunk.subarray(done - TAIL_BYTES, done));
    const tail = new Uint8Array(Math.min(TAIL_BYTES, offset));
    const length = await this.#handle.read(tail, offset - tail.length);
    return length === tail.length ? markOf(tail) : markOf(chunk.subarray(0, done));
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
