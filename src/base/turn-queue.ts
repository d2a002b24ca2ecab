/** Work that happens one after the other, in the order in which it came. */
export class TurnQueue {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Whether work is under way or waits for its turn. */
  get isBusy(): boolean {
    return this.#waiting > 0;
  }

  /** Runs `work` once all earlier work has ended, however it ended. */
  take<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#waiting += 1;
    const mine = this.#last.then(work).finally(() => {
      this.#waiting -= 1;
    });
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  /** Answers when the work that is there now has ended, however it ended. */
  async ended(): Promise<void> {
    await this.#last;
  }
}
