import { concatBytes, fromUtf8Strict, utf8 } from '../../../base/bytes.ts';

/** Ends a message of NETCONF 1.0, and of both hellos (RFC 6242, 4.3). */
const END_MARK = utf8(']]>]]>');

/** A configuration of this size has a million lines; more is a mistake. */
const MESSAGE_BYTES_MAX = 32 * 1024 * 1024;

/** `\n#<size>\n` with the largest size there is, 4294967295. */
const CHUNK_HEAD_BYTES_MAX = 13;

const NEWLINE = 10;

/** How messages are told apart: by a mark at their end, or as chunks of told sizes (1.1). */
export type Framing = 'end-mark' | 'chunks';

/** A message as it is sent. */
export function framed(message: string, framing: Framing): Uint8Array {
  const bytes = utf8(message);
  if (framing === 'end-mark') return concatBytes([bytes, END_MARK]);
  return concatBytes([utf8(`\n#${bytes.length}\n`), bytes, utf8('\n##\n')]);
}

/**
 * Puts messages together from bytes as they come. Throws a RangeError for a message that is too
 * large, a SyntaxError for what breaks the framing or is no UTF-8; then nothing more can be read.
 */
export class MessageReader {
  #framing: Framing = 'end-mark';
  #bytes: Uint8Array<ArrayBufferLike> = new Uint8Array();
  /** Where the search for the end mark goes on, so that a long message is searched once. */
  #searched = 0;
  #chunks: Uint8Array[] = [];
  #chunkBytes = 0;

  /** From the next message on; both sides change after their hellos. */
  useFraming(framing: Framing): void {
    this.#framing = framing;
    this.#searched = 0;
  }

  push(bytes: Uint8Array): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : concatBytes([this.#bytes, bytes]);
    if (this.#bytes.length + this.#chunkBytes > MESSAGE_BYTES_MAX) {
      throw new RangeError(`a message of more than ${MESSAGE_BYTES_MAX} bytes`);
    }
  }

  /** The next whole message; undefined until more bytes came. */
  next(): string | undefined {
    return this.#framing === 'end-mark' ? this.#marked() : this.#chunked();
  }

  #marked(): string | undefined {
    const bytes = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
    const end = bytes.indexOf(END_MARK, this.#searched);
    if (end < 0) {
      this.#searched = Math.max(0, this.#bytes.length - END_MARK.length + 1);
      return undefined;
    }
    const message = this.#bytes.subarray(0, end);
    this.#bytes = this.#bytes.subarray(end + END_MARK.length);
    this.#searched = 0;
    return textOf(message);
  }

  #chunked(): string | undefined {
    for (;;) {
      const head = this.#head();
      if (head === undefined) return undefined;
      if (head.size === 0) {
        this.#bytes = this.#bytes.subarray(head.length);
        const message = concatBytes(this.#chunks);
        this.#chunks = [];
        this.#chunkBytes = 0;
        return textOf(message);
      }
      if (head.size > MESSAGE_BYTES_MAX) throw new RangeError(`a chunk of ${head.size} bytes`);
      const end = head.length + head.size;
      if (this.#bytes.length < end) return undefined;
      this.#chunks.push(this.#bytes.subarray(head.length, end));
      this.#chunkBytes += head.size;
      this.#bytes = this.#bytes.subarray(end);
    }
  }

  /** What begins here: a chunk of `size` bytes, or the end of chunks (0); both after a newline. */
  #head(): { readonly length: number; readonly size: number } | undefined {
    const start = String.fromCharCode(...this.#bytes.subarray(0, CHUNK_HEAD_BYTES_MAX));
    const found = /^\n#(?:(#)|([1-9]\d{0,9}))\n/.exec(start);
    if (found !== null) return { length: found[0].length, size: Number(found[2] ?? 0) };
    const isBegun = /^(?:\n(?:#(?:#|[1-9]\d{0,9})?)?)?$/.test(start);
    if (isBegun && this.#bytes.length < CHUNK_HEAD_BYTES_MAX) return undefined;
    const first = this.#bytes[0] === NEWLINE ? 'no size' : 'no newline';
    throw new SyntaxError(`chunks are broken: ${first} where one must be`);
  }
}

function textOf(bytes: Uint8Array): string {
  const text = fromUtf8Strict(bytes);
  if (text === undefined) throw new SyntaxError('a message is no UTF-8');
  return text;
}
