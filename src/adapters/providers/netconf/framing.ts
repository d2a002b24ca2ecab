import { concatBytes, fromUtf8Strict, utf8 } from '../../../base/bytes.ts';
import { GrowingBytes } from './growing-bytes.ts';

/** Ends a message of NETCONF 1.0, and of both hellos (RFC 6242, 4.3). */
const END_MARK = utf8(']]>]]>');

/** A configuration of this size has a million lines; more is a mistake. */
const MESSAGE_BYTES_MAX = 32 * 1024 * 1024;

/** Hellos of devices with a thousand modules have a fifth of a megabyte. */
const HELLO_BYTES_MAX = 4 * 1024 * 1024;

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
  #bytesMax = HELLO_BYTES_MAX;
  /** As it came, frames included. */
  readonly #bytes = new GrowingBytes();
  /** Where the search for the end mark goes on, so that a long message is searched once. */
  #searched = 0;
  /** What the chunks of the message that comes held so far. */
  readonly #message = new GrowingBytes();
  /** How much of the chunk that comes is missing. */
  #missing = 0;

  /** What came of a message that has no end yet, frames included where they are not read yet. */
  get unfinished(): { readonly length: number; readonly beginning: Uint8Array } {
    const { length } = this.#message;
    const beginning = length > 0 ? this.#message.view : this.#bytes.view;
    return { length: length + this.#bytes.length, beginning };
  }

  /** From the next message on, which may be as large as any; both sides change after hellos. */
  useFraming(framing: Framing): void {
    this.#framing = framing;
    this.#bytesMax = MESSAGE_BYTES_MAX;
    this.#searched = 0;
  }

  push(bytes: Uint8Array): void {
    this.#require(this.unfinished.length + bytes.length);
    this.#bytes.append(bytes);
  }

  /** The next whole message; undefined until more bytes came. */
  next(): string | undefined {
    return this.#framing === 'end-mark' ? this.#marked() : this.#chunked();
  }

  #marked(): string | undefined {
    const { view } = this.#bytes;
    const bytes = Buffer.from(view.buffer, view.byteOffset, view.length);
    const end = bytes.indexOf(END_MARK, this.#searched);
    if (end < 0) {
      this.#searched = Math.max(0, bytes.length - END_MARK.length + 1);
      return undefined;
    }
    const message = textOf(view.subarray(0, end));
    this.#bytes.drop(end + END_MARK.length);
    this.#searched = 0;
    return message;
  }

  #chunked(): string | undefined {
    for (;;) {
      if (this.#missing > 0) {
        const part = this.#bytes.view.subarray(0, this.#missing);
        if (part.length === 0) return undefined;
        this.#message.append(part);
        this.#bytes.drop(part.length);
        this.#missing -= part.length;
        continue;
      }
      const head = this.#head();
      if (head === undefined) return undefined;
      this.#bytes.drop(head.length);
      if (head.size === 0) {
        const message = textOf(this.#message.view);
        this.#message.drop(this.#message.length);
        return message;
      }
      this.#require(this.#message.length + head.size);
      this.#missing = head.size;
    }
  }

  #require(bytes: number): void {
    if (bytes <= this.#bytesMax) return;
    throw new RangeError(`a message, or chunk of one, of more than ${this.#bytesMax} bytes`);
  }

  /** What begins here: a chunk of `size` bytes, or the end of chunks (0); both after a newline. */
  #head(): { readonly length: number; readonly size: number } | undefined {
    const start = String.fromCharCode(...this.#bytes.view.subarray(0, CHUNK_HEAD_BYTES_MAX));
    const found = /^\n#(?:(#)|([1-9]\d{0,9}))\n/.exec(start);
    if (found !== null) return { length: found[0].length, size: Number(found[2] ?? 0) };
    const isBegun = /^(?:\n(?:#(?:#|[1-9]\d{0,9})?)?)?$/.test(start);
    if (isBegun && this.#bytes.length < CHUNK_HEAD_BYTES_MAX) return undefined;
    const first = this.#bytes.view[0] === NEWLINE ? 'no size' : 'no newline';
    throw new SyntaxError(`chunks are broken: ${first} where one must be`);
  }
}

function textOf(bytes: Uint8Array): string {
  const text = fromUtf8Strict(bytes);
  if (text === undefined) throw new SyntaxError('a message is no UTF-8');
  return text;
}
