import { useRef, useState, type PointerEvent, type ReactNode } from 'react';
import { millisecondWords } from '../time/words.ts';
import { useCursor, useCursorTime } from './cursor.ts';
import { panned, shareOf, type TimeWindow } from './range/time-range.ts';
import { useWheel } from './range/use-wheel.ts';

interface CrosshairProps {
  readonly window: TimeWindow;
  readonly onBrush: (from: number, to: number) => void;
  /** Pans and zooms by wheel and finger; without it only the brush chooses time. */
  readonly onMove?: ((next: TimeWindow) => void) | undefined;
  readonly children: ReactNode;
}

/** A shorter way of the pointer is a click, not a brush; CSS pixels. */
const BRUSH_PIXELS_MIN = 6;

/**
 * One line through everything inside at the moment under the pointer, and a brush: dragging over a
 * part of time goes there. The wheel pans and, with Ctrl, zooms. The range fields and the keys that
 * `?` lists do the same.
 */
export function Crosshair({ window, onBrush, onMove, children }: CrosshairProps) {
  const cursor = useCursor();
  const tracks = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const finger = useRef<{ readonly x: number; readonly window: TimeWindow }>(undefined);
  useWheel(box, tracks, window, onMove);
  const [brush, setBrush] = useState<{ readonly from: number; readonly to: number }>();
  const timeAt = (event: PointerEvent): number => {
    const box = tracks.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return window.from;
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return window.from + share * (window.to - window.from);
  };
  const press = (event: PointerEvent): void => {
    if (event.pointerType === 'touch') finger.current = { x: event.clientX, window };
    if (event.button !== 0 || event.pointerType === 'touch') return;
    if (event.target instanceof Element && event.target.closest('a, button') !== null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setBrush({ from: timeAt(event), to: timeAt(event) });
  };
  const move = (event: PointerEvent): void => {
    const at = timeAt(event);
    cursor.move(at);
    const width = tracks.current?.clientWidth ?? 0;
    const { x = event.clientX, window: touched } = finger.current ?? {};
    if (touched !== undefined && Math.abs(x - event.clientX) >= BRUSH_PIXELS_MIN && width > 0) {
      onMove?.(panned(touched, (x - event.clientX) / width));
    }
    if (brush !== undefined) setBrush({ from: brush.from, to: at });
  };
  const release = (): void => {
    setBrush(undefined);
    finger.current = undefined;
    if (brush === undefined) return;
    const [from, to] = [Math.min(brush.from, brush.to), Math.max(brush.from, brush.to)];
    const pixels =
      (shareOf(to, window) - shareOf(from, window)) * (tracks.current?.clientWidth ?? 0);
    if (pixels >= BRUSH_PIXELS_MIN) onBrush(Math.floor(from), Math.ceil(to));
  };
  return (
    <div
      className="crosshair"
      ref={box}
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={() => {
        setBrush(undefined);
        finger.current = undefined;
      }}
      onPointerLeave={() => cursor.move(undefined)}
    >
      {children}
      <div className="crosshair-tracks" ref={tracks} aria-hidden="true">
        {brush !== undefined && <Brush {...brush} window={window} />}
        <Line window={window} />
      </div>
    </div>
  );
}

function Brush(props: { readonly from: number; readonly to: number; readonly window: TimeWindow }) {
  const a = shareOf(props.from, props.window);
  const b = shareOf(props.to, props.window);
  const style = { left: `${Math.min(a, b) * 100}%`, width: `${Math.abs(b - a) * 100}%` };
  return <div className="crosshair-brush" style={style} />;
}

function Line({ window }: { readonly window: TimeWindow }) {
  const at = useCursorTime();
  if (at === undefined || at < window.from || at > window.to) return null;
  const share = shareOf(at, window);
  return (
    <div className="crosshair-line" style={{ left: `${share * 100}%` }}>
      <span className={share > 0.85 ? 'to-left' : ''}>{millisecondWords(at)}</span>
    </div>
  );
}
