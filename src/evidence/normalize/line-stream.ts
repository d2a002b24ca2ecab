import { concatBytes } from '../../base/bytes.ts';
import { looseText } from '../../base/text-slice.ts';

const LF = 0x0a;
const CR = 0x0d;

/** A line of a log; longer ones are cut, because one line must not fill memory. */
export const LINE_BYTES_MAX = 1024 * 1024;

/** One line without its end. */
export interface StreamLine {
  readonly text: string;
  /** The line was longer than `LINE_BYTES_MAX`; the rest of it was passed over. */
  readonly isCut: boolean;
}

/** Cuts a stream of bytes into lines: LF or CR LF, and the end of the stream. */
export class LineStream {
  #parts: Uint8Array[] = [];
  #length = 0;

  /** The lines that are complete now. */
  push(bytes: Uint8Array): readonly StreamLine[] {
    const lines: StreamLine[] = [];
    let start = 0;
    for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, start)) {
      this.#keep(bytes.subarray(start, at));
      lines.push(this.#take());
      start = at + 1;
    }
    this.#keep(bytes.slice(start));
    return lines;
  }

  /** The last line, if the stream did not end with a line end. */
  end(): readonly StreamLine[] {
    return this.#length === 0 ? [] : [this.#take()];
  }

  #keep(part: Uint8Array): void {
    if (part.length === 0) return;
    const room = LINE_BYTES_MAX - this.#length;
    if (room > 0) this.#parts.push(part.subarray(0, room));
    this.#length += part.length;
  }

  #take(): StreamLine {
    const bytes = concatBytes(this.#parts);
    const isCut = this.#length > LINE_BYTES_MAX;
    this.#parts = [];
    this.#length = 0;
    return { text: lineText(bytes), isCut };
  }
}

/** The text of a line's bytes, CR at the end removed. */
function lineText(bytes: Uint8Array): string {
  return looseText(bytes.at(-1) === CR ? bytes.subarray(0, -1) : bytes);
}
