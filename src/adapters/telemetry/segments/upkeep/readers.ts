/** Whoever reads segments now, so that files are removed behind them and not under them. */
export class Readers {
  readonly #reading = new Set<Promise<unknown>>();

  /** Runs a read: every segment that is live when it begins stays readable until it ends. */
  async during<Value>(read: () => Promise<Value>): Promise<Value> {
    const reading = read();
    this.#reading.add(reading);
    try {
      return await reading;
    } finally {
      this.#reading.delete(reading);
    }
  }

  /** Resolves when every read that is going on now has ended. */
  async drained(): Promise<void> {
    await Promise.allSettled([...this.#reading]);
  }
}
