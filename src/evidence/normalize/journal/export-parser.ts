import { assertUnreachable } from '../../../base/assert.ts';
import { concatBytes } from '../../../base/bytes.ts';
import type { Json, JsonObject } from '../../../base/canonical-json.ts';
import { latin1Slice, looseText, sliceable } from '../../../base/text-slice.ts';

const LF = 0x0a;
const EQUALS = 0x3d;

/** A longer value is cut: core dumps and stack traces are fields too, and must not fill memory. */
export const FIELD_BYTES_MAX = 256 * 1024;

/** Of one entry this much is kept; further fields are passed over. */
export const ENTRY_BYTES_MAX = 1024 * 1024;

/** The journal itself takes no more fields in one entry. */
const FIELDS_MAX = 1024;

/** journald takes no larger field (768 MiB): a greater length is no length but garbage. */
const LENGTH_MAX = 768 * 1024 * 1024;

/** Names of fields: capitals, digits and underscores, as journald enforces them. */
const NAME = /^[A-Z0-9_]{1,64}$/;

/** A piece of the stream: an entry, or what is none. */
export type ExportPiece =
  | {
      readonly kind: 'entry';
      /** Texts; a repeated field is a list of texts. */
      readonly fields: JsonObject;
      /** A value was cut, or fields were left out. */
      readonly isCut: boolean;
    }
  | { readonly kind: 'broken'; readonly reason: string; readonly input: string };

/** Where in the grammar the next byte stands. `lost`: everything up to the next empty line. */
type State = 'line' | 'length' | 'value' | 'value-end' | 'lost';

/**
 * Reads the journal export format: `NAME=value` lines; for values with control characters the name
 * alone, a 64-bit little-endian length, the bytes and a line end; an empty line ends the entry.
 * Source: systemd, "Journal Export Formats". The same bytes give the same pieces however they are
 * cut. After something malformed it goes on at the next empty line.
 */
export class ExportParser {
  #state: State = 'line';
  #pieces: ExportPiece[] = [];
  /** What is kept of the line, length or value at work, and how long it really is. */
  #parts: Uint8Array[] = [];
  #kept = 0;
  #length = 0;
  /** Of the value at work. */
  #name = '';
  #left = 0;
  /** Of the entry at work. */
  #fields: Record<string, Json> = {};
  #fieldCount = 0;
  #entryBytes = 0;
  #isCut = false;

  /** The pieces that are complete now. */
  push(bytes: Uint8Array): readonly ExportPiece[] {
    for (let at = 0; at < bytes.length;) at = this.#step(bytes, at);
    return this.#take();
  }

  /** The last piece: an entry may lack its empty line at the end of a file. */
  end(): readonly ExportPiece[] {
    if (this.#state === 'line') {
      if (this.#length > 0) this.#endLine();
      // Still there, so the last line was whole; else it began a value that never came.
      if (this.#stateNow() === 'line') this.#endEntry();
    }
    if (!['line', 'lost'].includes(this.#stateNow())) {
      this.#break('the stream ends within a field', this.#name);
    }
    return this.#take();
  }

  #stateNow(): State {
    return this.#state;
  }

  #take(): readonly ExportPiece[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }

  /** Takes bytes from `at` on as far as the state lasts; answers where it stopped. */
  #step(bytes: Uint8Array, at: number): number {
    switch (this.#state) {
      case 'line':
      case 'lost':
        return this.#stepLine(bytes, at);
      case 'length':
        return this.#stepCounted(bytes, at, 8 - this.#length);
      case 'value':
        return this.#stepCounted(bytes, at, this.#left);
      case 'value-end':
        if (bytes[at] !== LF) {
          this.#break('a field is longer than it says', this.#name);
          return at;
        }
        this.#state = 'line';
        return at + 1;
      default:
        return assertUnreachable(this.#state);
    }
  }

  #stepLine(bytes: Uint8Array, at: number): number {
    const found = bytes.indexOf(LF, at);
    this.#keep(bytes, at, found < 0 ? bytes.length : found);
    if (found < 0) return bytes.length;
    if (this.#state === 'line') this.#endLine();
    else if (this.#length === 0) this.#state = 'line';
    else this.#dropParts();
    return found + 1;
  }

  #stepCounted(bytes: Uint8Array, at: number, wanted: number): number {
    const stop = Math.min(bytes.length, at + wanted);
    this.#keep(bytes, at, stop);
    if (stop - at < wanted) {
      this.#left -= this.#state === 'value' ? stop - at : 0;
    } else if (this.#state === 'length') {
      this.#endLength();
    } else {
      this.#endValue();
    }
    return stop;
  }

  /** Remembers bytes up to the limit; what the chunk does not end is copied, since it is reused. */
  #keep(bytes: Uint8Array, start: number, stop: number): void {
    this.#length += stop - start;
    const room = FIELD_BYTES_MAX - this.#kept;
    if (this.#state === 'lost' || room <= 0 || stop === start) return;
    const end = Math.min(stop, start + room);
    const part = bytes.subarray(start, end);
    this.#parts.push(end === bytes.length ? new Uint8Array(part) : part);
    this.#kept += end - start;
  }

  #dropParts(): { readonly bytes: Uint8Array; readonly isWhole: boolean } {
    const [first] = this.#parts;
    const bytes =
      this.#parts.length === 1 && first !== undefined ? first : concatBytes(this.#parts);
    const isWhole = this.#kept === this.#length;
    this.#parts = [];
    this.#kept = 0;
    this.#length = 0;
    return { bytes, isWhole };
  }

  #endLine(): void {
    const { bytes, isWhole } = this.#dropParts();
    if (bytes.length === 0) return this.#endEntry();
    const equals = bytes.indexOf(EQUALS);
    const name = latin1Slice(sliceable(bytes), 0, equals < 0 ? bytes.length : equals);
    if (!NAME.test(name)) return this.#break('a line without the name of a field', name);
    if (equals >= 0) return this.#add(name, bytes.subarray(equals + 1), isWhole);
    this.#name = name;
    this.#state = 'length';
  }

  #endLength(): void {
    const { bytes } = this.#dropParts();
    const length = Number(lengthView(bytes).getBigUint64(0, true));
    if (length > LENGTH_MAX) return this.#break('a field of an impossible length', this.#name);
    this.#left = length;
    this.#state = 'value';
    if (length === 0) this.#endValue();
  }

  #endValue(): void {
    const { bytes, isWhole } = this.#dropParts();
    this.#add(this.#name, bytes, isWhole);
    this.#state = 'value-end';
  }

  #add(name: string, bytes: Uint8Array, isWhole: boolean): void {
    this.#isCut ||= !isWhole;
    this.#fieldCount += 1;
    this.#entryBytes += bytes.length;
    if (this.#fieldCount > FIELDS_MAX || this.#entryBytes > ENTRY_BYTES_MAX) {
      this.#isCut = true;
      return;
    }
    const before = this.#fields[name];
    const value = looseText(bytes);
    if (before === undefined) this.#fields[name] = value;
    else this.#fields[name] = Array.isArray(before) ? [...before, value] : [before, value];
  }

  #endEntry(): void {
    if (this.#fieldCount > 0) {
      this.#pieces.push({ kind: 'entry', fields: this.#fields, isCut: this.#isCut });
    }
    this.#startEntry();
  }

  #break(reason: string, input: string): void {
    this.#pieces.push({ kind: 'broken', reason, input });
    this.#dropParts();
    this.#startEntry();
    this.#state = 'lost';
  }

  #startEntry(): void {
    this.#fields = {};
    this.#fieldCount = 0;
    this.#entryBytes = 0;
    this.#isCut = false;
  }
}

function lengthView({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
