import { TurnQueue } from '../base/turn-queue.ts';

/** Work of one name happens one after the other, work of different names side by side. */
export class TurnTaking {
  readonly #queues = new Map<string, TurnQueue>();

  /** Runs `work` once all earlier work of this name has ended, however it ended. */
  async take<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
    const queue = this.#queues.get(name) ?? new TurnQueue();
    this.#queues.set(name, queue);
    try {
      return await queue.take(work);
    } finally {
      if (!queue.isBusy) this.#queues.delete(name);
    }
  }

  /** Answers when nothing is at work. */
  async allDone(): Promise<void> {
    while (this.#queues.size > 0) {
      await Promise.all([...this.#queues.values()].map((queue) => queue.ended()));
    }
  }
}
