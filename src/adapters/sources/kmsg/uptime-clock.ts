import { timeNs, type TimeNs } from '../../../base/time.ts';

/** The clocks of this host at one moment. */
export interface HostReading {
  readonly wallNs: bigint;
  /** Microseconds since the boot without sleep (CLOCK_MONOTONIC). */
  readonly monotonicUs: number;
  /** How long it slept since the boot. */
  readonly sleptMs: number;
}

/** Uptime with and without sleep are read one after the other, one of them to 10 ms. */
const SLEEP_MIN_MS = 1_000;

/** What the kernel's own stamps run off CLOCK_MONOTONIC, which NTP steers, at most. */
const DRIFT_MAX = 5e-4;

/** From when on uptime became wall time in one way. */
interface Stretch {
  readonly fromUs: number;
  /** What the wall clock showed at uptime zero. */
  readonly startNs: bigint;
}

/**
 * What the wall clock showed when the kernel stamped a message. Two edges lead there. Wall clock
 * and CLOCK_MONOTONIC are read at one moment, so a step of the one shows at once. The kernel's own
 * stamps run beside CLOCK_MONOTONIC, by minutes after months: no message is read before it is
 * stamped, so the least that messages seen live were read after their stamps is what they lie apart
 * and the time that reading takes, a millisecond or so. Sleep, which neither counts, moves both.
 */
export class UptimeClock {
  #reading: HostReading | undefined;
  #stretches: readonly Stretch[] = [];
  /** What CLOCK_MONOTONIC is ahead of stamps by at `apartAtUs`; sure once a live message told. */
  #apartUs = 0;
  #apartAtUs = 0;
  #isSure = false;

  /**
   * Takes what was read at `reading`, the newest stamp of it, and whether it came as it was
   * written, after a silence. `wokeUs`: the stamp of the message that a sleep ended, if one is
   * among it.
   */
  hear(reading: HostReading, newestUs: number, isLive: boolean, wokeUs?: number): void {
    this.#noteApart(reading.monotonicUs, newestUs, isLive);
    const before = this.#reading;
    this.#reading = reading;
    const startNs = reading.wallNs - BigInt(Math.round(reading.monotonicUs)) * 1_000n;
    const last = this.#stretches.at(-1);
    if (before === undefined || last === undefined) {
      // Nobody saw which of the messages that wait were stamped before it slept.
      const hasSlept = reading.sleptMs > SLEEP_MIN_MS;
      const fromUs = hasSlept ? reading.monotonicUs : Number.NEGATIVE_INFINITY;
      this.#stretches = [{ fromUs, startNs }];
      return;
    }
    const hasSlept = Math.abs(reading.sleptMs - before.sleptMs) > SLEEP_MIN_MS;
    const fromUs = wokeUs === undefined ? before.monotonicUs : this.#monotonic(wokeUs);
    this.#stretches = hasSlept
      ? [last, { fromUs, startNs }]
      : [...this.#stretches.slice(0, -1), { fromUs: last.fromUs, startNs }];
  }

  /** The wall time of a stamp, never after it was read; undefined where a sleep hides it. */
  at(uptimeUs: number): TimeNs | undefined {
    const monotonicUs = this.#monotonic(uptimeUs);
    const stretch = this.#stretches.findLast(({ fromUs }) => fromUs <= monotonicUs);
    if (stretch === undefined || this.#reading === undefined) return undefined;
    const wall = stretch.startNs + BigInt(Math.round(monotonicUs)) * 1_000n;
    return timeNs(wall > this.#reading.wallNs ? this.#reading.wallNs : wall);
  }

  /** How long ago a stamp was set. */
  ageMs(uptimeUs: number): number {
    const now = this.#reading?.monotonicUs ?? 0;
    return (now - this.#monotonic(uptimeUs)) / 1e3;
  }

  #monotonic(uptimeUs: number): number {
    return uptimeUs + this.#apartUs;
  }

  #noteApart(monotonicUs: number, newestUs: number, isLive: boolean): void {
    const apartUs = monotonicUs - newestUs;
    // Older knowledge may be off by as much as both can run apart since.
    const knownUs = this.#apartUs + DRIFT_MAX * (monotonicUs - this.#apartAtUs);
    const isFirst = isLive && !this.#isSure;
    if (!isFirst && apartUs >= (this.#isSure ? knownUs : this.#apartUs)) return;
    this.#apartUs = apartUs;
    this.#apartAtUs = monotonicUs;
    this.#isSure ||= isLive;
  }
}
