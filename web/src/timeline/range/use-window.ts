import { useEffect, useMemo, useState } from 'react';
import { serverNow } from '../../time/server-time.ts';
import { windowOf, type TimeRange, type TimeWindow } from './time-range.ts';

/**
 * The part of time a range means now. It moves on in steps while `following`; who reads further
 * down or looks at one record is not pushed around. A hidden page asks for nothing.
 */
export function useWindow(range: TimeRange, following: boolean, stepMs: number): TimeWindow {
  const [now, setNow] = useState(serverNow);
  const moving = range.kind === 'last' && following;
  useEffect(() => {
    if (!moving) return;
    const renew = (): void => {
      if (!document.hidden) setNow(serverNow());
    };
    const first = window.setTimeout(renew, 0);
    const timer = window.setInterval(renew, stepMs);
    return () => {
      window.clearTimeout(first);
      window.clearInterval(timer);
    };
  }, [moving, stepMs]);
  return useMemo(() => windowOf(range, now), [range, now]);
}
