import { useEffect, useRef, type RefObject } from 'react';
import { panned, zoomed, type TimeWindow } from './time-range.ts';

/** One notch of a wheel is about 100; four of them double or halve what is seen. */
const ZOOM_PER_PIXEL = Math.LN2 / 400;

/**
 * Pans by a sideways wheel (or with Shift) and zooms by the wheel with Ctrl, as a pinch of a
 * touchpad arrives. The plain wheel goes on scrolling the page. React's own wheel events cannot
 * keep the browser from zooming the page, hence the listener.
 */
export function useWheel(
  box: RefObject<HTMLElement | null>,
  tracks: RefObject<HTMLElement | null>,
  window: TimeWindow,
  onMove: ((next: TimeWindow) => void) | undefined,
): void {
  const latest = useRef({ window, onMove });
  useEffect(() => {
    latest.current = { window, onMove };
  });
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const turn = (event: WheelEvent): void => {
      const { window: seen, onMove: move } = latest.current;
      const area = tracks.current?.getBoundingClientRect();
      if (move === undefined || area === undefined || area.width === 0) return;
      const next = movedBy(event, seen, area);
      if (next === undefined) return;
      event.preventDefault();
      latest.current = { window: next, onMove: move };
      move(next);
    };
    element.addEventListener('wheel', turn, { passive: false });
    return () => element.removeEventListener('wheel', turn);
  }, [box, tracks]);
}

function movedBy(event: WheelEvent, seen: TimeWindow, area: DOMRect): TimeWindow | undefined {
  if (event.ctrlKey || event.metaKey) {
    const share = Math.min(1, Math.max(0, (event.clientX - area.left) / area.width));
    return zoomed(seen, Math.exp(event.deltaY * ZOOM_PER_PIXEL), share);
  }
  const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
  const isUpright = !event.shiftKey && Math.abs(event.deltaX) < Math.abs(event.deltaY);
  return sideways === 0 || isUpright ? undefined : panned(seen, sideways / area.width);
}
