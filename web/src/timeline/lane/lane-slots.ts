import type { DensityBucket } from '../../api/types.ts';
import { msOf } from '../../time/words.ts';
import type { TimeWindow } from '../range/time-range.ts';

/** What a part of time holds, counted. */
export interface SlotCount {
  readonly all: number;
  readonly warnings: number;
  readonly errors: number;
}

/** A window in so many equal parts, oldest first. */
export function slotsOf({ from, to }: TimeWindow, count: number): readonly TimeWindow[] {
  const width = (to - from) / count;
  return Array.from({ length: count }, (_none, at) => ({
    from: Math.round(from + at * width),
    to: Math.round(from + (at + 1) * width),
  }));
}

/** The records of each slot; a bucket belongs where its middle lies, so that each counts once. */
export function countsOf(
  buckets: readonly DensityBucket[],
  bucketMs: number,
  slots: readonly TimeWindow[],
): readonly SlotCount[] {
  const counts = slots.map(() => ({ all: 0, warnings: 0, errors: 0 }));
  for (const { time, severity, count } of buckets) {
    const middle = msOf(time) + bucketMs / 2;
    const at = slots.findIndex(({ from, to }) => middle >= from && middle < to);
    // The first and the last bucket may stand out of the window by half.
    const slot = counts[at === -1 ? (middle < (slots[0]?.from ?? 0) ? 0 : counts.length - 1) : at];
    if (slot === undefined) continue;
    slot.all += count;
    if (severity >= 17) slot.errors += count;
    else if (severity >= 13) slot.warnings += count;
  }
  return counts;
}
