import { TurnQueue } from '../../base/turn-queue.ts';

/**
 * Who may meet whom: checkpoints are taken one after the other, and blobs are freed while none is
 * taken. The checkpoint a rollback starts from waits for neither queue: in an outage the picture of
 * the trouble is slow, for everything it asks is late, and the rollback is to end just that.
 */
export class CheckpointTurns {
  readonly #queue = new TurnQueue();
  /** The last work nobody may meet: blobs are being freed, or a component is frozen. */
  #apart: Promise<unknown> = Promise.resolve();
  #keepers = 0;
  /** Those that are taken at once, now. */
  readonly #now = new Set<Promise<unknown>>();

  /** Whether somebody has a turn or waits for one. */
  get isBusy(): boolean {
    return this.#queue.isBusy;
  }

  /** Answers when all that have or await a turn now have ended, however they ended. */
  ended(): Promise<void> {
    return this.#queue.ended();
  }

  /**
   * Takes a checkpoint in its turn. `isFreezing`: components are made to stand still for it, which
   * waits for those that are taken at once: what starts a rollback must not find anybody frozen.
   */
  take<Value>(work: () => Promise<Value>, isFreezing: boolean): Promise<Value> {
    return this.#queue.take(async () => {
      if (!isFreezing) return work();
      while (this.#now.size > 0) await Promise.allSettled(this.#now);
      return this.#alone(work);
    });
  }

  /** Takes one at once, beside others: only who is frozen, or blobs being freed, are waited for. */
  async takeNow<Value>(work: () => Promise<Value>): Promise<Value> {
    // Counted from now on, so that nobody is frozen between waiting and taking.
    const mine = this.#kept(work);
    this.#now.add(mine);
    try {
      return await mine;
    } finally {
      this.#now.delete(mine);
    }
  }

  /** Frees blobs in its turn; `undefined`, and nothing is done, while somebody keeps them. */
  free<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
    return this.#queue.take(async () => (this.#keepers > 0 ? undefined : this.#alone(work)));
  }

  /** Keeps blobs from being freed until the answer is called; who frees them now is waited for. */
  async keepBlobs(): Promise<() => void> {
    this.#keepers += 1;
    for (let apart; apart !== this.#apart;) {
      apart = this.#apart;
      await apart;
    }
    let isKept = true;
    return () => {
      if (isKept) this.#keepers -= 1;
      isKept = false;
    };
  }

  async #kept<Value>(work: () => Promise<Value>): Promise<Value> {
    const letGo = await this.keepBlobs();
    return work().finally(letGo);
  }

  #alone<Value>(work: () => Promise<Value>): Promise<Value> {
    const mine = work();
    this.#apart = mine.catch(() => undefined);
    return mine;
  }
}
