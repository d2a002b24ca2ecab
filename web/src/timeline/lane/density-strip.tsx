import { useMemo } from 'react';
import type { DensityBucket } from '../../api/types.ts';
import { msOf, spanWords } from '../../time/words.ts';
import { FAMILIES, familyOf, type Family } from '../severity.ts';
import { shareOf, type TimeWindow } from '../range/time-range.ts';

interface DensityStripProps {
  readonly buckets: readonly DensityBucket[] | undefined;
  readonly bucketMs: number;
  readonly window: TimeWindow;
}

/** The drawing's own units; CSS stretches them to the width there is. */
const WIDTH = 1000;
const HEIGHT = 64;

/** A single error among thousands of lines is still seen, in the drawing's units. */
const BAR_HEIGHT_MIN = 3;

/** How many records there were at each time, errors at the bottom; heights grow with the root. */
export function DensityStrip({ buckets, bucketMs, window }: DensityStripProps) {
  const drawing = useMemo(() => draw(buckets ?? [], bucketMs, window), [buckets, bucketMs, window]);
  const words =
    buckets === undefined
      ? 'Loading the density of records'
      : `${drawing.total} records, ${drawing.errors} of them errors, in ` +
        spanWords(window.to - window.from);
  return (
    <div className="lane lane-density">
      <span className="lane-name">
        {buckets === undefined ? '' : many(drawing.total, 'record')}
        <span className={drawing.errors > 0 ? 'lane-errors' : 'fine'}>
          {buckets === undefined ? '' : many(drawing.errors, 'error')}
        </span>
      </span>
      <svg
        className="lane-track"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words}
      >
        {FAMILIES.map((family) => (
          <path key={family} className={`severity-${family}`} d={drawing.paths[family]} />
        ))}
      </svg>
      <span className="lane-peak fine" aria-hidden="true">
        {drawing.peak > 0 && `peak ${countWords(drawing.peak)} in ${widthWords(bucketMs)}`}
      </span>
    </div>
  );
}

function many(count: number, noun: string): string {
  return `${countWords(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `9,812`, `12.7k`, `3.4M`: exact while it fits beside the strip. */
function countWords(count: number): string {
  if (count < 10_000) return count.toLocaleString('en');
  return count < 999_500 ? `${(count / 1e3).toPrecision(3)}k` : `${(count / 1e6).toPrecision(3)}M`;
}

function widthWords(ms: number): string {
  return ms < 1000 ? `${ms} ms` : spanWords(ms);
}

interface Drawing {
  readonly paths: Readonly<Record<Family, string>>;
  readonly total: number;
  readonly errors: number;
  readonly peak: number;
}

/** From the bottom: what matters most stands on the ground line, where it is compared best. */
const STACK: readonly Family[] = ['fatal', 'error', 'warn', 'info', 'quiet'];

function draw(buckets: readonly DensityBucket[], bucketMs: number, window: TimeWindow): Drawing {
  const columns = new Map<number, Map<Family, number>>();
  let total = 0;
  let errors = 0;
  for (const { time, severity, count } of buckets) {
    const at = msOf(time);
    const column = columns.get(at) ?? new Map<Family, number>();
    const family = familyOf(severity);
    column.set(family, (column.get(family) ?? 0) + count);
    columns.set(at, column);
    total += count;
    if (severity >= 17) errors += count;
  }
  const sums = [...columns.values()].map((column) => sumOf(column));
  const peak = Math.max(0, ...sums);
  const paths = { quiet: '', info: '', warn: '', error: '', fatal: '' };
  for (const [at, column] of columns) {
    const left = Math.max(0, shareOf(at, window) * WIDTH);
    const right = Math.min(WIDTH, shareOf(at + bucketMs, window) * WIDTH);
    if (right <= left) continue;
    // A gap of a fifth keeps the bars apart.
    const width = (right - left) * 0.8;
    const sum = sumOf(column);
    const scale = (Math.sqrt(sum / peak) * (HEIGHT - 4)) / sum;
    let bottom = HEIGHT;
    for (const family of STACK) {
      const count = column.get(family) ?? 0;
      if (count === 0) continue;
      const height = Math.min(bottom, Math.max(BAR_HEIGHT_MIN, count * scale));
      bottom -= height;
      paths[family] += bar(left, bottom, width, height);
    }
  }
  return { paths, total, errors, peak };
}

function bar(x: number, y: number, width: number, height: number): string {
  const [w, h] = [width.toFixed(2), height.toFixed(1)];
  return `M${x.toFixed(2)} ${y.toFixed(1)}h${w}v${h}h-${w}z`;
}

function sumOf(column: ReadonlyMap<Family, number>): number {
  let sum = 0;
  for (const count of column.values()) sum += count;
  return sum;
}
