import { useCallback, useEffect, useRef, useState } from 'react';
import type { TimeWindow } from './time-range.ts';

/** A hand that turns a wheel rests this long between two looks; then the records are asked for. */
const REST_MS = 160;

/** Panning and zooming: the drawing follows at once, the daemon is asked when the hand rests. */
export interface Moves {
  /** What to draw now; undefined while nothing moves. */
  readonly draft: TimeWindow | undefined;
  readonly move: (next: TimeWindow) => void;
}

/** Gathers moves and commits the last of them. */
export function useMoves(commit: (window: TimeWindow) => void): Moves {
  const [draft, setDraft] = useState<TimeWindow>();
  const timer = useRef(0);
  const latest = useRef(commit);
  useEffect(() => {
    latest.current = commit;
  });
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const move = useCallback((next: TimeWindow) => {
    setDraft(next);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      setDraft(undefined);
      latest.current(next);
    }, REST_MS);
  }, []);
  return { draft, move };
}
