/** Work of one name happens one after the other, work of different names side by side. */
export class TurnTaking {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `work` once all earlier work of this name has ended, however it ended. */
  async take<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
    const before = this.#last.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#last.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(name) === mine) this.#last.delete(name);
    }
  }

  /** Answers when nothing is at work. */
  async allDone(): Promise<void> {
    while (this.#last.size > 0) await Promise.allSettled(this.#last.values());
  }
}
