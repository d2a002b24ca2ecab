import { useEffect, useMemo, useState } from 'react';
import { serverNow } from '../time/server-time.ts';
import { windowOf, type TimeRange, type TimeWindow } from './time-range.ts';

/** Fresh enough to follow an incident, slow enough to read a line. */
const STEP_MS = 3_000;

/**
 * The part of time a range means now. It moves on in steps while `following`; who reads further
 * down or looks at one record is not pushed around.
 */
export function useWindow(range: TimeRange, following: boolean): TimeWindow {
  const [now, setNow] = useState(serverNow);
  const moving = range.kind === 'last' && following;
  useEffect(() => {
    if (!moving) return;
    const renew = (): void => setNow(serverNow());
    const first = window.setTimeout(renew, 0);
    const timer = window.setInterval(renew, STEP_MS);
    return () => {
      window.clearTimeout(first);
      window.clearInterval(timer);
    };
  }, [moving]);
  return useMemo(() => windowOf(range, now), [range, now]);
}
