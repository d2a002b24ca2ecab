import type { StreamEvent } from '../api/contract.ts';

/** Takes a listener away again. */
export type Unlisten = () => void;

/** Tells everybody who listens (the event stream, tests) what changed. Keeps nothing. */
export class News {
  readonly #hearers = new Set<(event: StreamEvent) => void>();

  tell(event: StreamEvent): void {
    for (const hear of this.#hearers) hear(event);
  }

  listen(hear: (event: StreamEvent) => void): Unlisten {
    this.#hearers.add(hear);
    return () => void this.#hearers.delete(hear);
  }
}
