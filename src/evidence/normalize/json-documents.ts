import { concatBytes, fromUtf8 } from '../../base/bytes.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const LF = 0x0a;

/** As for one request body; a document that does not end must not fill memory. */
const DOCUMENT_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Cuts a stream into JSON objects by counting braces outside of texts. What stands between objects
 * and is not white space comes out as a document of its own, up to the end of its line, so that it
 * can be rejected by somebody who knows what it should have been.
 */
export class JsonDocuments {
  #parts: Uint8Array[] = [];
  #length = 0;
  #depth = 0;
  #last = LF;
  #inText = false;
  #isEscaped = false;

  push(bytes: Uint8Array): readonly string[] {
    const found: string[] = [];
    let start = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      // An object at the start of a line is a new request: the one before was cut short.
      if (byte === OPEN && this.#last === LF && this.#depth > 0) {
        this.#keep(bytes.subarray(start, at));
        this.#takeInto(found);
        start = at;
      }
      this.#last = byte;
      if (!this.#endsAt(byte)) continue;
      this.#keep(bytes.subarray(start, at + 1));
      this.#takeInto(found);
      start = at + 1;
    }
    this.#keep(bytes.slice(start));
    if (this.#length > DOCUMENT_BYTES_MAX) this.#takeInto(found);
    return found;
  }

  end(): readonly string[] {
    const found: string[] = [];
    this.#takeInto(found);
    return found;
  }

  /** Whether a document ends with this byte. */
  #endsAt(byte: number): boolean {
    if (this.#inText) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#inText = false;
      // No text of JSON holds a line feed: the line was cut short, and the next one starts anew.
      return byte === LF;
    }
    if (byte === QUOTE && this.#depth > 0) this.#inText = true;
    else if (byte === OPEN) this.#depth += 1;
    else if (byte === CLOSE && this.#depth > 0) {
      this.#depth -= 1;
      return this.#depth === 0;
    }
    return byte === LF && this.#depth === 0;
  }

  #keep(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#parts.push(part);
    this.#length += part.length;
  }

  #takeInto(found: string[]): void {
    const text = fromUtf8(concatBytes(this.#parts)).trim();
    this.#parts = [];
    this.#length = 0;
    this.#depth = 0;
    this.#inText = false;
    this.#isEscaped = false;
    if (text !== '') found.push(text);
  }
}
