import { useEffect, useState } from 'react';
import { useServerClock } from './server-clock.ts';

/** Now by the daemon's clock, renewed every `everyMs`. */
export function useNow(everyMs: number): number {
  const clock = useServerClock();
  const [now, setNow] = useState(clock.now);
  useEffect(() => {
    const timer = window.setInterval(() => setNow(clock.now()), everyMs);
    return () => window.clearInterval(timer);
  }, [clock, everyMs]);
  return now;
}
