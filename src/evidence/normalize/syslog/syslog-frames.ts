import { concatBytes } from '../../../base/bytes.ts';

const LF = 0x0a;
const SPACE = 0x20;
const OPEN = 0x3c;

/** RFC 5425 wants 2,048, recommends 8,192; devices send stack traces. */
const FRAME_BYTES_MAX = 1024 * 1024;

/** Digits of a count that stays below the limit. */
const COUNT_DIGITS_MAX = 7;

/**
 * Cuts a stream of syslog into messages as RFC 6587 describes: counted (`112 <13>1 …`) where a
 * message starts with a count, else up to the line end. Both may stand in one stream.
 */
export class SyslogFrames {
  #held: Uint8Array = new Uint8Array();

  push(bytes: Uint8Array): readonly Uint8Array[] {
    const input = this.#held.length === 0 ? bytes : concatBytes([this.#held, bytes]);
    const frames: Uint8Array[] = [];
    let at = 0;
    for (;;) {
      const end = frameEnd(input, at);
      if (end === undefined) break;
      frames.push(input.subarray(end.start, end.stop));
      at = end.next;
    }
    this.#held = input.slice(at);
    if (this.#held.length > FRAME_BYTES_MAX) {
      frames.push(this.#held);
      this.#held = new Uint8Array();
    }
    return frames;
  }

  end(): readonly Uint8Array[] {
    const held = this.#held;
    this.#held = new Uint8Array();
    return held.length === 0 ? [] : [held];
  }
}

interface FrameEnd {
  readonly start: number;
  readonly stop: number;
  /** Where the next frame starts. */
  readonly next: number;
}

/** undefined when the frame is not complete yet. */
function frameEnd(input: Uint8Array, at: number): FrameEnd | undefined {
  let digits = at;
  while (isDigit(input[digits]) && digits - at < COUNT_DIGITS_MAX) digits += 1;
  // Whether it is a count shows only with the two bytes behind it.
  if (digits > at && digits + 1 >= input.length) return undefined;
  if (digits > at && input[digits] === SPACE && input[digits + 1] === OPEN) {
    const length = Number(String.fromCharCode(...input.subarray(at, digits)));
    const start = digits + 1;
    if (length > 0 && length <= FRAME_BYTES_MAX) {
      if (start + length > input.length) return undefined;
      return { start, stop: start + length, next: start + length };
    }
  }
  const lineEnd = input.indexOf(LF, at);
  return lineEnd < 0 ? undefined : { start: at, stop: lineEnd, next: lineEnd + 1 };
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
