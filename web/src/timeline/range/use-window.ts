import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useServerClock } from '../../time/server-clock.ts';
import type { CallName } from '../../api/calls.ts';
import { windowOf, type TimeRange, type TimeWindow } from './time-range.ts';

/**
 * The part of time a range means now. It moves on in steps while `following`; who reads further
 * down or looks at one record is not pushed around. A hidden page asks for nothing, and a daemon
 * that still owes an answer gets no new question: one slower than a step would never be heard.
 */
export function useWindow(range: TimeRange, following: boolean, stepMs: number): TimeWindow {
  const clock = useServerClock();
  const client = useQueryClient();
  const [now, setNow] = useState(clock.now);
  const moving = range.kind === 'last' && following;
  useEffect(() => {
    if (!moving) return;
    const renew = (): void => {
      if (!document.hidden && !isOwed(client)) setNow(clock.now());
    };
    const first = window.setTimeout(renew, 0);
    const timer = window.setInterval(renew, stepMs);
    return () => {
      window.clearTimeout(first);
      window.clearInterval(timer);
    };
  }, [client, clock, moving, stepMs]);
  return useMemo(() => windowOf(range, now), [range, now]);
}

const WINDOW_CALLS: readonly CallName[] = ['timeline', 'timelineDensity'];

function isOwed(client: QueryClient): boolean {
  const ofWindow = ({ queryKey }: { readonly queryKey: readonly unknown[] }): boolean =>
    WINDOW_CALLS.some((name) => name === queryKey[0]);
  return client.isFetching({ predicate: ofWindow }) > 0;
}
