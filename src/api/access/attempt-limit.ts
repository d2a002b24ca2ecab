import type { Clock } from '../../ports/clock.ts';

/** Failures a remote may make at once: a script with an old token tries a few times. */
const BURST = 20;

/** One more failure is allowed after this long; guessing 128 bits at that rate is hopeless. */
const REFILL_MS = 3000;

/** Remotes that are remembered; an attacker with more addresses gains a burst for each. */
const REMOTES_MAX = 10_000;

interface Bucket {
  readonly used: number;
  readonly atMs: number;
}

/**
 * Limits failed attempts per remote address (a leaky bucket). Only failures count, so nobody can
 * lock out a valid token from behind the same address.
 */
export class AttemptLimit {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a failure; answers the milliseconds to wait, 0 while the remote is within its limit. */
  fail(remote: string): number {
    const atMs = this.#clock.uptimeMs();
    const old = this.#buckets.get(remote);
    const left = old === undefined ? 0 : Math.max(0, old.used - (atMs - old.atMs) / REFILL_MS);
    const isOver = left + 1 > BURST;
    const used = isOver ? left : left + 1;
    this.#buckets.delete(remote);
    this.#buckets.set(remote, { used, atMs });
    if (this.#buckets.size > REMOTES_MAX) {
      // Maps keep the order of insertion: the first is the one that failed longest ago.
      for (const oldest of this.#buckets.keys()) {
        this.#buckets.delete(oldest);
        break;
      }
    }
    return isOver ? Math.ceil((left + 1 - BURST) * REFILL_MS) : 0;
  }
}
