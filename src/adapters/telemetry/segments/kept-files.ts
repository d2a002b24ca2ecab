import type { Clock } from '../../../ports/clock.ts';

/** Whether files must stay as they are because somebody copies them, and for how long at most. */
export class KeptFiles {
  readonly #clock: Clock;
  readonly #copiers = new Set<symbol>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get areKept(): boolean {
    return this.#copiers.size > 0;
  }

  /** Keeps them until what it answers is called (idempotent) or the limit has passed. */
  keep(limitMs: number): () => void {
    const copier = Symbol('copier');
    this.#copiers.add(copier);
    const cancel = this.#clock.after(limitMs, () => void this.#copiers.delete(copier));
    return () => {
      cancel();
      this.#copiers.delete(copier);
    };
  }
}
