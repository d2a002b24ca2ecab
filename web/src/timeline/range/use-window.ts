import { useEffect, useMemo, useState } from 'react';
import { useServerClock } from '../../time/server-clock.ts';
import { windowOf, type TimeRange, type TimeWindow } from './time-range.ts';

/**
 * The part of time a range means now. It moves on in steps while `following`; who reads further
 * down or looks at one record is not pushed around. A hidden page asks for nothing.
 */
export function useWindow(range: TimeRange, following: boolean, stepMs: number): TimeWindow {
  const clock = useServerClock();
  const [now, setNow] = useState(clock.now);
  const moving = range.kind === 'last' && following;
  useEffect(() => {
    if (!moving) return;
    const renew = (): void => {
      if (!document.hidden) setNow(clock.now());
    };
    const first = window.setTimeout(renew, 0);
    const timer = window.setInterval(renew, stepMs);
    return () => {
      window.clearTimeout(first);
      window.clearInterval(timer);
    };
  }, [clock, moving, stepMs]);
  return useMemo(() => windowOf(range, now), [range, now]);
}
