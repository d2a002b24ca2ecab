import { addMs, timeNs, type TimeNs } from '../base/time.ts';
import type { Clock } from '../ports/clock.ts';

interface Pending {
  readonly dueMs: number;
  readonly call: () => void;
}

/** A clock that stands still until a test moves it. Starts at 2026-01-01T00:00:00Z. */
export class ManualClock implements Clock {
  #now: TimeNs = timeNs(1_767_225_600_000_000_000n);
  #uptimeMs = 0;
  #pending: readonly Pending[] = [];

  now(): TimeNs {
    return this.#now;
  }

  uptimeMs(): number {
    return this.#uptimeMs;
  }

  bootId(): string {
    return 'boot-of-the-test';
  }

  after(ms: number, call: () => void): () => void {
    const pending = { dueMs: this.#uptimeMs + ms, call };
    this.#pending = [...this.#pending, pending];
    return () => {
      this.#pending = this.#pending.filter((other) => other !== pending);
    };
  }

  /** Moves time on and calls back whatever falls due, in the order of being due. */
  advance(ms: number): void {
    const end = this.#uptimeMs + ms;
    for (;;) {
      const [next] = this.#pending
        .filter(({ dueMs }) => dueMs <= end)
        .toSorted((a, b) => a.dueMs - b.dueMs);
      this.#move((next?.dueMs ?? end) - this.#uptimeMs);
      if (next === undefined) return;
      this.#pending = this.#pending.filter((other) => other !== next);
      next.call();
    }
  }

  #move(ms: number): void {
    const forward = Math.max(0, ms);
    this.#uptimeMs += forward;
    this.#now = addMs(this.#now, forward);
  }
}
