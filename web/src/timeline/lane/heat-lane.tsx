import { useMemo } from 'react';
import type { DensityBucket } from '../../api/types.ts';
import { Link } from '../../shell/link.tsx';
import { msOf } from '../../time/words.ts';
import { shareOf, type TimeWindow } from '../range/time-range.ts';

interface HeatLaneProps {
  readonly name: string;
  readonly buckets: readonly DensityBucket[] | undefined;
  readonly bucketMs: number;
  readonly window: TimeWindow;
}

const WIDTH = 1000;
const HEIGHT = 20;

/** One component over time: a band while it speaks, a tick for errors, nothing while silent. */
export function HeatLane({ name, buckets, bucketMs, window }: HeatLaneProps) {
  const { band, warnings, errors, errorCount, count } = useMemo(
    () => draw(buckets ?? [], bucketMs, window),
    [buckets, bucketMs, window],
  );
  return (
    <div className="lane">
      <Link className="lane-name" to={['timeline']} query={{ component: name }} title={name}>
        {name}
      </Link>
      <svg
        className="lane-track"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${name}: ${count} records, ${errorCount} of them errors`}
      >
        {band.map(({ path, opacity }) => (
          <path key={opacity} className="severity-info" opacity={opacity} d={path} />
        ))}
        <path className="severity-warn" d={warnings} />
        <path className="severity-error" d={errors} />
      </svg>
    </div>
  );
}

/** The middle of the lane, and how high errors stand: one in a hundred is seen, but shouts not. */
const MIDDLE = 11;
const ERROR_HEIGHT = { least: 4, more: 14 } as const;

/** How dense a bucket is against the densest one, as steps an eye can tell apart. */
const SHADES = [0.25, 0.45, 0.7, 1] as const;

function draw(buckets: readonly DensityBucket[], bucketMs: number, window: TimeWindow) {
  const columns = new Map<number, { all: number; warnings: number; errors: number }>();
  for (const { time, severity, count } of buckets) {
    const at = msOf(time);
    const column = columns.get(at) ?? { all: 0, warnings: 0, errors: 0 };
    column.all += count;
    if (severity >= 17) column.errors += count;
    else if (severity >= 13) column.warnings += count;
    columns.set(at, column);
  }
  const peak = Math.max(1, ...[...columns.values()].map(({ all }) => all));
  const band = SHADES.map((opacity) => ({ opacity, path: '' }));
  let warnings = '';
  let errors = '';
  let errorCount = 0;
  let all = 0;
  for (const [at, column] of columns) {
    const left = Math.max(0, shareOf(at, window) * WIDTH);
    const right = Math.min(WIDTH, shareOf(at + bucketMs, window) * WIDTH);
    if (right <= left) continue;
    const shade = Math.min(3, Math.floor(Math.sqrt(column.all / peak) * 4));
    const slot = band[shade];
    if (slot !== undefined) slot.path += box(left, 8, right - left + 0.2, 6);
    const tick = (right - left) * 0.8;
    if (column.warnings > 0) warnings += box(left, 6, tick, 10);
    if (column.errors > 0) {
      const high = ERROR_HEIGHT.least + ERROR_HEIGHT.more * Math.sqrt(column.errors / column.all);
      errors += box(left, MIDDLE - high / 2, tick, high);
    }
    errorCount += column.errors;
    all += column.all;
  }
  return { band, warnings, errors, errorCount, count: all };
}

function box(x: number, y: number, width: number, height: number): string {
  const [w, h] = [width.toFixed(2), height.toFixed(1)];
  return `M${x.toFixed(2)} ${y.toFixed(1)}h${w}v${h}h-${w}z`;
}
