/** What a small message needs; it doubles from there. */
const FIRST_BYTES = 4 * 1024;

/**
 * Bytes that come in pieces and are taken off at their front. However small the pieces are, each
 * byte is copied a few times at most and costs little more memory than itself.
 */
export class GrowingBytes {
  #room = new Uint8Array();
  #from = 0;
  #to = 0;

  get length(): number {
    return this.#to - this.#from;
  }

  /** All of them, until the next change. */
  get view(): Uint8Array {
    return this.#room.subarray(this.#from, this.#to);
  }

  append(bytes: Uint8Array): void {
    const needed = this.length + bytes.length;
    if (this.#to + bytes.length > this.#room.length) {
      const isHalfEmpty = needed <= this.#room.length / 2;
      const room = isHalfEmpty ? this.#room : new Uint8Array(Math.max(needed * 2, FIRST_BYTES));
      room.set(this.view);
      this.#room = room;
      this.#to = this.length;
      this.#from = 0;
    }
    this.#room.set(bytes, this.#to);
    this.#to += bytes.length;
  }

  /** Takes bytes off the front; without any left it holds no memory either. */
  drop(count: number): void {
    this.#from += count;
    if (this.length > 0) return;
    this.#room = new Uint8Array();
    this.#from = 0;
    this.#to = 0;
  }
}
