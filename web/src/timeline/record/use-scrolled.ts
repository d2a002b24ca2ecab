import { useEffect, useState, type RefObject } from 'react';

/** Which part of a scrolling box is in sight, CSS pixels. */
export function useScrolled(box: RefObject<HTMLElement | null>): {
  readonly top: number;
  readonly height: number;
} {
  const [sight, setSight] = useState({ top: 0, height: 600 });
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = (): void => {
      const { scrollTop: top, clientHeight: height } = element;
      setSight((old) => (old.top === top && old.height === height ? old : { top, height }));
    };
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [box]);
  return sight;
}
