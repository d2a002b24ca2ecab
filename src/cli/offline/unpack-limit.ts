import { lgError } from '../../model/errors/lg-error.ts';

/**
 * How far a packed file may unfold. Logs are packed 5 to 30 times; a thousand equal lines a second
 * reach 290, one line over and over 340. What grows more was made to, and gzip can do 1,032.
 */
const TIMES_MAX = 400;

/** Below this nobody waits long, however often it repeats. */
const BYTES_FREE = 64 * 1024 ** 2;

/** More of one file is read for minutes, and `diagnose` takes not that many records. */
const BYTES_MAX = 16 * 1024 ** 3;

/** What a packed file has unfolded to so far; it is told of each piece. */
export class UnpackLimit {
  readonly #path: string;
  #bytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** LG_INGEST_FILE_EXPANDS when `length` more bytes, of `packed` that were read, are too many. */
  take(length: number, packed: number): void {
    this.#bytes += length;
    if (this.#bytes <= BYTES_FREE) return;
    if (this.#bytes > BYTES_MAX) throw this.#error(`more than ${BYTES_MAX / 1024 ** 3} GiB`);
    if (this.#bytes > packed * TIMES_MAX) {
      throw this.#error(`${Math.round(this.#bytes / packed)} times its size`);
    }
  }

  #error(what: string): Error {
    const mebibytes = Math.floor(this.#bytes / 1024 ** 2);
    const detail =
      `${this.#path} unpacks to ${what}; what its first ${mebibytes} MiB hold was taken, and ` +
      `the rest was not (limits: ${TIMES_MAX} times, ${BYTES_MAX / 1024 ** 3} GiB); ` +
      'if it is a log, unpack it (gunzip -k) and name what matters of it';
    return lgError('LG_INGEST_FILE_EXPANDS', detail);
  }
}
