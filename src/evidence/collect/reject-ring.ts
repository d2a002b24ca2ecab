import type { Reject } from '../../model/record/timeline-record.ts';

/** A reject with its source and time of arrival, RFC 3339. */
export interface KeptReject extends Reject {
  readonly source: string;
  readonly at: string;
}

/** Keeps the newest rejects of a source: enough to see what is wrong, never enough to hurt. */
export class RejectRing {
  readonly #kept: KeptReject[] = [];
  readonly #capacity: number;
  #next = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(reject: KeptReject): void {
    this.#kept[this.#next] = reject;
    this.#next = (this.#next + 1) % this.#capacity;
  }

  /** Oldest first. */
  list(): readonly KeptReject[] {
    return [...this.#kept.slice(this.#next), ...this.#kept.slice(0, this.#next)];
  }
}
