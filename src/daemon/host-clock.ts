import { fromUnixMs, timeNs, type TimeNs } from '../base/time.ts';
import { bootId, uptimeMs } from '../linux/live/boot.ts';
import type { Clock } from '../ports/clock.ts';

/** Longest delay one timer of Node can wait; longer ones are split. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/**
 * The clocks of this host: the time of day, the time since boot and the name of the boot.
 */
export function hostClock(): Clock {
  const boot = bootId();
  return {
    now: wallTime,
    uptimeMs: () => uptimeMs() ?? Number.NaN,
    bootId: () => boot,
    after: (ms, call) => {
      if (ms > TIMER_MS_MAX) {
        let cancel = hostClock().after(TIMER_MS_MAX, () => {
          cancel = hostClock().after(ms - TIMER_MS_MAX, call);
        });
        return () => cancel();
      }
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
  };
}

/** Wall time to the microsecond: `Date.now()` alone would give many records one instant. */
function wallTime(): TimeNs {
  const ms = Date.now();
  const precise = performance.timeOrigin + performance.now();
  // The monotonic reading is finer but does not follow steps of the wall clock.
  return Math.abs(precise - ms) < 2 ? fromUnixMs(precise) : timeNs(BigInt(ms) * 1_000_000n);
}
