import type { Clock } from '../../../ports/clock.ts';

/** Whether files must stay as they are because somebody copies them, and for how long at most. */
export class FileHold {
  readonly #clock: Clock;
  readonly #holders = new Set<symbol>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isHeld(): boolean {
    return this.#holders.size > 0;
  }

  /** Holds until what it answers is called (idempotent) or the limit has passed. */
  take(limitMs: number): () => void {
    const holder = Symbol('holder');
    this.#holders.add(holder);
    const cancel = this.#clock.after(limitMs, () => void this.#holders.delete(holder));
    return () => {
      cancel();
      this.#holders.delete(holder);
    };
  }
}
