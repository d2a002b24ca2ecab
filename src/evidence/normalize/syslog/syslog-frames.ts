import { concatBytes } from '../../../base/bytes.ts';
import { sliceable, sliceableBytes, type SliceableBytes } from '../../../base/text-slice.ts';

const LF = 0x0a;
const SPACE = 0x20;
const OPEN = 0x3c;
const ZERO = 0x30;

/** RFC 5425 wants 2,048 and recommends 8,192; devices send stack traces. */
export const FRAME_BYTES_MAX = 64 * 1024;

/** Digits of a count: a message of more than ten million bytes is no message. */
const COUNT_DIGITS_MAX = 7;

/** Memory of a message that comes in several pieces; it grows up to the limit of frames. */
const HELD_BYTES_FIRST = 1024;

/**
 * Takes one message, the bytes from `start` to before `end`; they are valid during the call only.
 * `part` is 0 for a whole message; a message that is longer than the limit, or whose stream broke
 * off, comes in parts numbered from 1, of which `isLast` ends it.
 */
export type TakeFrame = (
  bytes: SliceableBytes,
  start: number,
  end: number,
  part: number,
  isLast: boolean,
) => void;

/**
 * Cuts a stream of syslog into messages as RFC 6587 describes: counted (`112 <13>1 …`) where a
 * message starts with a count, else up to the line end. Both may stand in one stream. The same
 * bytes give the same messages however they are cut into pushes, and no byte of a message is lost.
 * Never holds more than one message of the largest size.
 */
export class SyslogFrames {
  readonly #take: TakeFrame;
  readonly #bytesMax: number;
  #mode: 'start' | 'counted' | 'line' = 'start';
  /** Bytes of a counted message that are still to come. */
  #left = 0;
  #held: SliceableBytes = sliceableBytes(0);
  #heldLength = 0;
  #part = 0;
  #taken = 0;

  constructor(take: TakeFrame, bytesMax = FRAME_BYTES_MAX) {
    this.#take = (...frame) => {
      this.#taken += 1;
      take(...frame);
    };
    this.#bytesMax = bytesMax;
  }

  /** Whether a message has begun that is not complete. */
  get isInside(): boolean {
    return this.#mode !== 'start' || this.#heldLength > 0;
  }

  /** How many messages and parts were handed over. */
  get taken(): number {
    return this.#taken;
  }

  push(bytes: Uint8Array): void {
    let input = sliceable(bytes);
    if (this.#mode === 'start' && this.#heldLength > 0) {
      // Digits of which it was not clear yet whether they are a count.
      input = sliceable(concatBytes([this.#held.subarray(0, this.#heldLength), bytes]));
      this.#heldLength = 0;
    }
    let at = 0;
    while (at < input.length) {
      if (this.#mode === 'start') at = this.#begin(input, at);
      else if (this.#mode === 'counted') at = this.#counted(input, at);
      else at = this.#line(input, at);
    }
  }

  /** The stream is over: what was not complete is a message too, the only part of itself. */
  end(): void {
    const isBroken = this.#mode === 'counted';
    if (this.#heldLength > 0 || this.#part > 0) this.#finish(isBroken);
    this.#mode = 'start';
    this.#left = 0;
  }

  /** Decides how the message at `at` is framed; answers where its content starts. */
  #begin(input: SliceableBytes, at: number): number {
    let digits = at;
    let count = 0;
    while (digits - at < COUNT_DIGITS_MAX && isDigit(input[digits])) {
      count = count * 10 + (input[digits] ?? ZERO) - ZERO;
      digits += 1;
    }
    // Whether it is a count shows only with the two bytes behind it.
    const isShort = digits > at && (digits >= input.length || digits + 1 === input.length);
    if (isShort && (digits === input.length || input[digits] === SPACE)) {
      this.#hold(input, at, input.length);
      return input.length;
    }
    const isCount = count > 0 && input[digits] === SPACE && input[digits + 1] === OPEN;
    this.#mode = isCount ? 'counted' : 'line';
    this.#left = count;
    return isCount ? digits + 1 : at;
  }

  #counted(input: SliceableBytes, at: number): number {
    const end = Math.min(input.length, at + this.#left);
    const isComplete = end - at === this.#left;
    this.#left -= end - at;
    this.#add(input, at, end, isComplete);
    return end;
  }

  #line(input: SliceableBytes, at: number): number {
    const lineEnd = input.indexOf(LF, at);
    if (lineEnd < 0) {
      this.#add(input, at, input.length, false);
      return input.length;
    }
    this.#add(input, at, lineEnd, true);
    return lineEnd + 1;
  }

  /** Adds bytes to the message; hands it over when it is complete, in parts when it is too long. */
  #add(input: SliceableBytes, from: number, to: number, isComplete: boolean): void {
    let at = from;
    const isWhole = isComplete && this.#heldLength === 0 && this.#part === 0;
    if (isWhole && to - from <= this.#bytesMax) {
      this.#mode = 'start';
      if (to > from) this.#take(input, from, to, 0, true);
      return;
    }
    while (this.#heldLength + (to - at) > this.#bytesMax) {
      const end = at + this.#bytesMax - this.#heldLength;
      this.#hold(input, at, end);
      this.#handPart();
      at = end;
    }
    this.#hold(input, at, to);
    if (!isComplete) return;
    this.#mode = 'start';
    this.#finish(false);
  }

  #hold(input: SliceableBytes, from: number, to: number): void {
    const length = this.#heldLength + to - from;
    if (length > this.#held.length) {
      const room = Math.min(this.#bytesMax, Math.max(HELD_BYTES_FIRST, length * 2));
      const larger = sliceableBytes(Math.max(room, length));
      larger.set(this.#held.subarray(0, this.#heldLength));
      this.#held = larger;
    }
    this.#held.set(input.subarray(from, to), this.#heldLength);
    this.#heldLength = length;
  }

  /** Hands over what is held as a part, but for the beginning of a character that was cut. */
  #handPart(): void {
    const end = characterEnd(this.#held, this.#heldLength);
    this.#part += 1;
    this.#take(this.#held, 0, end, this.#part, false);
    this.#held.copyWithin(0, end, this.#heldLength);
    this.#heldLength -= end;
  }

  #finish(isBroken: boolean): void {
    const length = this.#heldLength;
    const part = this.#part > 0 || isBroken ? this.#part + 1 : 0;
    this.#heldLength = 0;
    this.#part = 0;
    if (length > 0 || part > 1) this.#take(this.#held, 0, length, part, true);
    // A quiet connection keeps no memory of its largest message.
    if (this.#held.length > HELD_BYTES_FIRST) this.#held = sliceableBytes(0);
  }
}

/** Where the last whole UTF-8 character before `length` ends; `length` where it is no UTF-8. */
function characterEnd(bytes: Uint8Array, length: number): number {
  for (let back = 1; back <= 3 && back < length; back += 1) {
    const byte = bytes[length - back] ?? 0;
    if (byte < 0x80) return length;
    if (byte < 0xc0) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return needed > back ? length - back : length;
  }
  return length;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= 0x39;
}
