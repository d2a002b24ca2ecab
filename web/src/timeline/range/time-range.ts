/** What part of time is looked at: the last so many milliseconds, moving on, or a fixed part. */
export type TimeRange =
  | { readonly kind: 'last'; readonly ms: number }
  | { readonly kind: 'fixed'; readonly from: number; readonly to: number };

/** A part of time as the API is asked for it, milliseconds since the epoch. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The ranges with a button of their own. */
export const PRESETS: readonly { readonly name: string; readonly ms: number }[] = [
  { name: '5m', ms: 5 * MINUTE },
  { name: '15m', ms: 15 * MINUTE },
  { name: '1h', ms: HOUR },
  { name: '6h', ms: 6 * HOUR },
  { name: '24h', ms: 24 * HOUR },
  { name: '7d', ms: 168 * HOUR },
];

/** Shows what just happened and fits on one screen. */
export const DEFAULT_RANGE: TimeRange = { kind: 'last', ms: 15 * MINUTE };

/** The part of time a range means at the moment `now`. */
export function windowOf(range: TimeRange, now: number): TimeWindow {
  if (range.kind === 'fixed') return { from: range.from, to: range.to };
  return { from: now - range.ms, to: now };
}

const WIDTHS_MS: readonly number[] = [
  10,
  50,
  100,
  250,
  500,
  1_000,
  2_000,
  5_000,
  10_000,
  30_000,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
];

/** As many bars as can still be told apart on a screen. */
const BARS_MAX = 240;

/** The width of one bar, so that a window has at most `BARS_MAX` of them. */
export function bucketMsOf({ from, to }: TimeWindow): number {
  return roundWidth((to - from) / BARS_MAX);
}

function roundWidth(least: number): number {
  const day = 24 * HOUR;
  return WIDTHS_MS.find((width) => width >= least) ?? Math.ceil(least / day) * day;
}

/** The shortest round step that makes at most `most` marks. */
export function axisStep({ from, to }: TimeWindow, most: number): number {
  return roundWidth((to - from) / most);
}

/** Marks on the time axis: round local times, one each step. */
export function axisMarks({ from, to }: TimeWindow, step: number): readonly number[] {
  // Steps of hours and days shall fall on local hours and local midnight.
  const zone = new Date(from).getTimezoneOffset() * MINUTE;
  const marks: number[] = [];
  for (let at = Math.ceil((from - zone) / step) * step + zone; at < to; at += step) marks.push(at);
  return marks;
}

/** Where a moment lies in a window, 0 to 1; outside of it beyond these. */
export function shareOf(at: number, { from, to }: TimeWindow): number {
  return (at - from) / Math.max(1, to - from);
}

/** Nobody tells records apart in less, and no store keeps more than a year of them. */
const SPAN_MS = { least: 200, most: 366 * 24 * HOUR } as const;

/** The window moved by a share of its width; 0.5 is half a screen later. */
export function panned({ from, to }: TimeWindow, share: number): TimeWindow {
  const by = Math.round((to - from) * share);
  return { from: from + by, to: to + by };
}

/** The window made `factor` times as wide, while the moment at `share` stays where it is. */
export function zoomed({ from, to }: TimeWindow, factor: number, share = 0.5): TimeWindow {
  const span = to - from;
  const next = Math.min(SPAN_MS.most, Math.max(SPAN_MS.least, span * factor));
  const start = Math.round(from + (span - next) * share);
  return { from: start, to: start + Math.round(next) };
}
