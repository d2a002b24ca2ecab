/** True time, as NTP tells it, among the clocks: no record is stamped by it. */
export const TRUE_TIME = 'utc';

/** How a clock that stamps records stands to ours. */
export interface ClockOffset {
  readonly clock: string;
  /** What it is ahead of ours, nanoseconds. */
  readonly offsetNs: number;
  /** The truth lies within +- this; absent where nothing bounds it. */
  readonly boundNs?: number;
  /** `span-pairs`, `exchanges`, `ntp`, `one-way`, `whole-seconds`, `zone` or `inconsistent`. */
  readonly method: string;
  /** Whether its records are corrected; else they keep their own time, which may be right. */
  readonly corrected: boolean;
  /** How fast it runs ahead, parts per million. */
  readonly driftPpm: number;
  /** Since when it has not been stepped, as far as we saw, RFC 3339. */
  readonly since?: string;
  /** The clocks over which it is related, from the one that is taken as right. */
  readonly via: readonly string[];
}
