/** Bytes that wait to be decoded, at most; then the program that writes them is paused. */
const INBOX_BYTES_MAX = 4 * 1024 * 1024;

/** Pieces of input between the program that writes them and the loop that takes them. */
export class Inbox {
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #wake: () => void = () => undefined;

  get isFull(): boolean {
    return this.#bytes >= INBOX_BYTES_MAX;
  }

  get isEmpty(): boolean {
    return this.#pieces.length === 0;
  }

  put(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    this.#wake();
  }

  take(): readonly Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#bytes = 0;
    return pieces;
  }

  /** Ends a wait although nothing came. */
  ring(): void {
    this.#wake();
  }

  /** Resolves when something comes, when it is rung, or after `ms`. */
  wait(ms: number, after: (ms: number, call: () => void) => () => void): Promise<void> {
    if (!this.isEmpty) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        this.#wake = () => undefined;
        resolve();
      };
      const cancel = after(ms, done);
      this.#wake = done;
    });
  }
}
