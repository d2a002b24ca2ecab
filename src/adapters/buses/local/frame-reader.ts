import { concatBytes } from '../../../base/bytes.ts';

/** The largest message: a full page of the timeline with long bodies stays below. */
export const FRAME_BYTES_MAX = 64 * 1024 * 1024;

/** A frame is its length as four bytes, big end first, and that many bytes of JSON. */
const LENGTH_BYTES = 4;

/** A frame of a message's bytes. Throws RangeError beyond FRAME_BYTES_MAX. */
export function frameOf(message: Uint8Array): Uint8Array {
  if (message.length > FRAME_BYTES_MAX) {
    throw new RangeError(`a message of ${message.length} bytes, limit ${FRAME_BYTES_MAX}`);
  }
  const head = new Uint8Array(LENGTH_BYTES);
  new DataView(head.buffer).setUint32(0, message.length);
  return concatBytes([head, message]);
}

/**
 * Cuts bytes that arrive in pieces of any size into messages. Holds at most one unfinished message;
 * each byte is copied once however small the pieces are.
 */
export class FrameReader {
  #pieces: Uint8Array[] = [];
  #held = 0;
  /** Bytes the unfinished message needs, head included; the head alone while it is unknown. */
  #wanted = LENGTH_BYTES;

  /**
   * Takes the next bytes and answers the messages they complete, in order. Throws RangeError when
   * a length is beyond the limit: the stream is then no stream of ours, or is out of step.
   */
  push(bytes: Uint8Array): readonly Uint8Array[] {
    const messages: Uint8Array[] = [];
    let rest = bytes;
    while (rest.length > 0) {
      const taken = rest.subarray(0, this.#wanted - this.#held);
      rest = rest.subarray(taken.length);
      this.#pieces.push(taken);
      this.#held += taken.length;
      if (this.#held < this.#wanted) break;
      const whole = this.#take();
      if (whole !== undefined) messages.push(whole);
    }
    return messages;
  }

  /** Whether the stream may end here without having cut a message off. */
  get isBetweenMessages(): boolean {
    return this.#held === 0;
  }

  /** The message that is complete now; undefined when only its length is. */
  #take(): Uint8Array | undefined {
    const whole = concatBytes(this.#pieces);
    if (whole.length === LENGTH_BYTES) {
      const length = new DataView(whole.buffer).getUint32(0);
      if (length > FRAME_BYTES_MAX) {
        throw new RangeError(`a message of ${length} bytes, limit ${FRAME_BYTES_MAX}`);
      }
      this.#pieces = [whole];
      this.#wanted = LENGTH_BYTES + length;
      if (length > 0) return undefined;
    }
    this.#pieces = [];
    this.#held = 0;
    this.#wanted = LENGTH_BYTES;
    return whole.subarray(LENGTH_BYTES);
  }
}
