const LF = 0x0a;
const CR = 0x0d;

/** A line longer than this is cut: one line must not fill memory. */
export const LINE_BYTES_MAX = 256 * 1024;

/** One line of a chunk, without its end. */
export interface CutLine {
  readonly bytes: Uint8Array;
  /** Where it starts in the chunk. */
  readonly at: number;
  /** It was longer than `LINE_BYTES_MAX`; the rest is passed over. */
  readonly isCut: boolean;
}

/** The lines of a chunk. */
export interface CutLines {
  readonly lines: readonly CutLine[];
  /** How many bytes of the chunk are done; the rest is a line without its end. */
  readonly done: number;
  /** The chunk ends within an overlong line. */
  readonly isSkipping: boolean;
}

/**
 * Cuts a chunk into lines. `isSkipping`: the chunk starts within an overlong line. `takesRest`: the
 * last line is taken although its end is missing.
 */
export function cutLines(chunk: Uint8Array, isSkipping: boolean, takesRest: boolean): CutLines {
  const lines: CutLine[] = [];
  let done = 0;
  let skips = isSkipping;
  for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, done)) {
    if (!skips) lines.push(lineOf(chunk, done, end));
    skips = false;
    done = end + 1;
  }
  const rest = chunk.length - done;
  if (skips) return { lines, done: chunk.length, isSkipping: true };
  if (rest > LINE_BYTES_MAX) {
    lines.push(lineOf(chunk, done, chunk.length));
    return { lines, done: chunk.length, isSkipping: true };
  }
  if (!takesRest || rest === 0) return { lines, done, isSkipping: false };
  lines.push(lineOf(chunk, done, chunk.length));
  return { lines, done: chunk.length, isSkipping: false };
}

function lineOf(chunk: Uint8Array, start: number, end: number): CutLine {
  const isCut = end - start > LINE_BYTES_MAX;
  const stop = isCut ? start + LINE_BYTES_MAX : end;
  const withoutReturn = !isCut && stop > start && chunk[stop - 1] === CR ? stop - 1 : stop;
  return { bytes: chunk.subarray(start, withoutReturn), at: start, isCut };
}
