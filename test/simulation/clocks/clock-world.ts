import { Random } from '../seeded/random.ts';

/** How a clock and the way to it behave. */
export interface ClockCase {
  readonly name: string;
  readonly minutes?: number;
  readonly callsPerSecond?: number;
  readonly offsetMs?: number;
  readonly driftPpm?: number;
  /** Fastest way of a message, and the mean of what comes on top of it, milliseconds. */
  readonly delayMs?: number;
  readonly jitterMs?: number;
  /** How much longer the way back is. */
  readonly asymmetryMs?: number;
  /** The clock is moved by so much at these minutes. */
  readonly steps?: readonly { readonly minute: number; readonly byMs: number }[];
  /** From which minute to which no calls are made. */
  readonly silent?: readonly { readonly from: number; readonly to: number }[];
  /** The rate swings by this much, once an hour. */
  readonly wanderPpm?: number;
  /** This share of the calls says something false: a server that outlives its caller. */
  readonly falseShare?: number;
}

/** One call: when the caller and the server say that it began and ended. */
export interface SimulatedCall {
  /** True time, milliseconds since the epoch. */
  readonly trueMs: number;
  readonly clientStart: number;
  readonly clientEnd: number;
  readonly serverStart: number;
  readonly serverEnd: number;
}

/** When every simulated world begins. */
export const WORLD_BEGIN_MS = 1_790_000_000_000;

/** A clock with known truth and the calls that are made to its host. */
export class ClockWorld {
  readonly endMs: number;
  readonly #case: ClockCase;
  readonly #random: Random;

  constructor(which: ClockCase, seed: number) {
    this.#case = which;
    this.#random = new Random(seed);
    this.endMs = WORLD_BEGIN_MS + (which.minutes ?? 30) * 60_000;
  }

  /** What the clock is truly ahead at a true time. */
  truthAt(trueMs: number): number {
    const { offsetMs = 350, driftPpm = 40, wanderPpm = 0, steps = [] } = this.#case;
    const passed = trueMs - WORLD_BEGIN_MS;
    const turn = 3_600_000 / (2 * Math.PI);
    const wander = wanderPpm * 1e-6 * turn * (1 - Math.cos(passed / turn));
    const stepped = steps
      .filter(({ minute }) => passed >= minute * 60_000)
      .reduce((sum, { byMs }) => sum + byMs, 0);
    return offsetMs + driftPpm * 1e-6 * passed + wander + stepped;
  }

  /** Whether no calls are made then. */
  isSilent(trueMs: number): boolean {
    const minute = (trueMs - WORLD_BEGIN_MS) / 60_000;
    return (this.#case.silent ?? []).some(({ from, to }) => minute >= from && minute < to);
  }

  *calls(): Generator<SimulatedCall> {
    const { callsPerSecond = 5, falseShare = 0 } = this.#case;
    const { delayMs = 0.3, jitterMs = 2, asymmetryMs = 0.15 } = this.#case;
    const random = this.#random;
    const drawn = (mean: number): number => -mean * Math.log(1 - random.next());
    for (let at = WORLD_BEGIN_MS; ;) {
      at += drawn(1000 / callsPerSecond);
      if (at >= this.endMs) return;
      if (this.isSilent(at)) continue;
      const there = at + delayMs + drawn(jitterMs);
      const done = there + drawn(5);
      const back = done + delayMs + asymmetryMs + drawn(jitterMs);
      const isFalse = random.chance(falseShare);
      // The caller gave up before the server had even begun to work.
      const late = isFalse ? 40 + drawn(200) : 0;
      yield {
        trueMs: at,
        clientStart: at,
        clientEnd: back,
        serverStart: this.#stamp(there + late),
        serverEnd: this.#stamp(there + late + (isFalse ? 1 : done - there)),
      };
    }
  }

  #stamp(trueMs: number): number {
    return trueMs + this.truthAt(trueMs);
  }
}
