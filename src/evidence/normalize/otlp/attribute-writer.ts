import {
  latin1Slice,
  sliceableBytes,
  utf8Slice,
  type SliceableBytes,
} from '../../../base/text-slice.ts';
import { BodyTooLarge, RejectedRecord } from './decode-failure.ts';
import type { KeyEntry } from './key-table.ts';
import { ShapeTable, type Shape } from './shape-table.ts';

/** OTel SDKs stop at 128 attributes; a record with thousands is an attack on the sort. */
const ATTRIBUTES_MAX = 4096;

/** Scratch memory beyond this was needed by one giant record and is given back. */
const SCRATCH_BYTES_MAX = 1024 * 1024;

const QUOTE = 0x22;
const BRACE_CLOSE = 0x7d;

/**
 * Writes the attributes of one record as canonical JSON: values are copied from the body to
 * scratch memory as they come, and one text is made at the end with the keys in order. That is one
 * text a record instead of two an attribute.
 */
export class AttributeWriter {
  #bytes = sliceableBytes(4096);
  #sorted = sliceableBytes(4096);
  #at = 0;
  #count = 0;
  /** As long as the largest record so far; only the first `count` members count. */
  #entries: KeyEntry[] = [];
  #starts: number[] = [];
  #seen = 0;
  #shapes = new ShapeTable();
  #budget = 0;

  /** Sets how many bytes of JSON may be made from now on, see `BodyTooLarge`. */
  allow(bytes: number): void {
    this.#budget = bytes;
  }

  /** Forgets the last record's attributes. */
  begin(): void {
    this.#at = 0;
    this.#seen = 0;
    this.#count = 0;
    if (this.#bytes.length > SCRATCH_BYTES_MAX) this.#bytes = sliceableBytes(4096);
    if (this.#sorted.length > SCRATCH_BYTES_MAX) this.#sorted = sliceableBytes(4096);
  }

  /** Starts an attribute; exactly one value must follow. A later equal key replaces it. */
  key(entry: KeyEntry): void {
    if (this.#count >= ATTRIBUTES_MAX) {
      throw new RejectedRecord(`more than ${ATTRIBUTES_MAX} attributes`);
    }
    this.#entries[this.#count] = entry;
    this.#starts[this.#count] = this.#at;
    this.#count += 1;
  }

  /** Writes a text value given as UTF-8 in `source`, escaped as JSON.stringify would. */
  text(source: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start + 2);
    let out = this.#bytes;
    let at = this.#at;
    let seen = 0;
    out[at++] = QUOTE;
    for (let from = start; from < end; from += 1) {
      const byte = source[from] ?? 0;
      seen |= byte;
      if (byte >= 0x20 && byte !== QUOTE && byte !== 0x5c) {
        out[at++] = byte;
        continue;
      }
      this.#at = at;
      this.#reserve(end - from + 8);
      out = this.#bytes;
      at = writeEscape(out, at, byte);
    }
    out[at++] = QUOTE;
    this.#at = at;
    this.#seen |= seen;
  }

  /** Writes a value that is JSON already and ASCII: a number, a word, an escaped text. */
  ascii(json: string): void {
    this.#reserve(json.length);
    const out = this.#bytes;
    let at = this.#at;
    for (let from = 0; from < json.length; from += 1) out[at++] = json.charCodeAt(from);
    this.#at = at;
  }

  /** Writes a value that is JSON in UTF-8 already. */
  json(bytes: Uint8Array, isAscii = false): void {
    this.#reserve(bytes.length);
    this.#at = copyBytes(bytes, 0, bytes.length, this.#bytes, this.#at);
    if (!isAscii) this.#seen |= 0x80;
  }

  /** The canonical JSON of the attributes; '' for none. */
  finish(): string {
    if (this.#count === 0) return '';
    const shape = this.#shapes.of(this.#entries, this.#count);
    const size = this.#at + shape.prefixBytes + 1;
    this.#budget -= size;
    if (this.#budget < 0) throw new BodyTooLarge('its records repeat too much once unfolded');
    if (this.#sorted.length < size) this.#sorted = sliceableBytes(size * 2);
    const length = this.#assemble(shape);
    return this.#seen < 0x80 && shape.isAscii
      ? latin1Slice(this.#sorted, 0, length)
      : utf8Slice(this.#sorted, 0, length);
  }

  #assemble(shape: Shape): number {
    const { order, prefixes } = shape;
    const from = this.#bytes;
    const out = this.#sorted;
    let at = 0;
    this.#starts[this.#count] = this.#at;
    for (let next = 0; next < order.length; next += 1) {
      const index = order[next] ?? 0;
      const prefix = prefixes[next];
      if (prefix !== undefined) at = copyBytes(prefix, 0, prefix.length, out, at);
      at = copyBytes(from, this.#starts[index] ?? 0, this.#starts[index + 1] ?? 0, out, at);
    }
    out[at] = BRACE_CLOSE;
    return at + 1;
  }

  #reserve(length: number): void {
    if (this.#at + length <= this.#bytes.length) return;
    const larger = sliceableBytes((this.#at + length) * 2);
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }
}

function copyBytes(
  from: Uint8Array,
  start: number,
  end: number,
  out: SliceableBytes,
  at: number,
): number {
  // The call into native code pays only for long ranges.
  if (end - start > 128) {
    out.set(from.subarray(start, end), at);
    return at + end - start;
  }
  let to = at;
  for (let next = start; next < end; next += 1) out[to++] = from[next] ?? 0;
  return to;
}

const HEX = '0123456789abcdef';

/** The short escapes of JSON by byte: backspace, tab, line feed, form feed, carriage return. */
const SHORT: Readonly<Record<number, string>> = {
  8: 'b',
  9: 't',
  10: 'n',
  12: 'f',
  13: 'r',
  34: '"',
  92: '\\',
};

function writeEscape(out: Uint8Array, at: number, byte: number): number {
  const short = SHORT[byte];
  const text = short ?? `u00${HEX[byte >> 4]}${HEX[byte & 15]}`;
  out[at] = 0x5c;
  for (let index = 0; index < text.length; index += 1) out[at + 1 + index] = text.charCodeAt(index);
  return at + 1 + text.length;
}
