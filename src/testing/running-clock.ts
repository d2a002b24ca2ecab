import { fromUnixMs } from '../base/time.ts';
import type { Clock } from '../ports/clock.ts';

/** The clock of this process, for tests of what really waits for files and sockets. */
export function runningClock(): Clock {
  return {
    now: () => fromUnixMs(Date.now()),
    uptimeMs: () => performance.now(),
    bootId: () => 'boot-of-the-test',
    after: (ms, call) => {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
  };
}
