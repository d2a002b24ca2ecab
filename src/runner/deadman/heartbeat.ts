import { switchesOf, type ProcessIdentity } from '../process-table.ts';

/**
 * Looks in a row at which nothing has moved until a watcher counts as stuck. He wakes up twice
 * between two looks, so even on a host that hardly gets on he moves within a few. Counted in looks
 * and not by the clock: a machine that slept for an hour blames nobody.
 */
const LOOKS_MAX = 10;

interface Pulse {
  readonly pid: number;
  readonly switches: number;
  /** Looks since it moved. */
  readonly still: number;
}

/**
 * The pulses of processes that wake up by themselves all the time: one that was stopped, frozen
 * with its control group or hangs in the kernel lives on, and does nothing of what it is there for.
 */
export class Heartbeats {
  readonly #pulses = new Map<string, Pulse>();

  /** Feels one once, by the name it is kept by; true once it is stuck. */
  isStuck(name: string, { pid }: ProcessIdentity): boolean {
    const switches = switchesOf(pid);
    if (switches === undefined) {
      this.#pulses.delete(name);
      return false;
    }
    const before = this.#pulses.get(name);
    const hasMoved = before?.pid !== pid || before.switches !== switches;
    const still = hasMoved ? 0 : before.still + 1;
    this.#pulses.set(name, { pid, switches, still });
    return still >= LOOKS_MAX;
  }

  /** It is not watched any more. */
  forget(name: string): void {
    this.#pulses.delete(name);
  }
}
