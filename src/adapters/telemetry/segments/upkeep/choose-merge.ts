import type { StoreLimits } from '../limits.ts';
import type { LiveSegment } from '../segment-list.ts';

/** How much a merge may take at once. */
export type MergeLimits = Pick<
  StoreLimits,
  'mergeAtLeast' | 'mergeAtMost' | 'mergeBytes' | 'mergeSpanMs' | 'sealRows'
>;

/** Bytes in the log a byte of a segment stands for, where the catalogue does not tell. */
const PLAIN_RATIO = 12;

/**
 * The oldest run of neighbors that should become one segment; undefined when there is none. A run
 * has enough members, and none that is half of it: a large segment is not copied again and again
 * for the sake of a few small ones, so a record is copied about as often as the digits of the
 * number of segments, base 8. Those to leave are passed over. Pure.
 */
export function chooseMerge(
  segments: readonly LiveSegment[],
  limits: MergeLimits,
  leave: ReadonlySet<string>,
): readonly LiveSegment[] | undefined {
  for (let from = 0; from + limits.mergeAtLeast <= segments.length; from += 1) {
    const run = runFrom(segments, from, limits, leave);
    if (run.length < limits.mergeAtLeast) continue;
    const sizes = run.map(plainBytesOf);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (Math.max(...sizes) * 2 <= total) return run;
  }
  return undefined;
}

/** As many neighbors as one segment may hold. */
function runFrom(
  segments: readonly LiveSegment[],
  from: number,
  { mergeAtMost, mergeBytes, mergeSpanMs, sealRows }: MergeLimits,
  leave: ReadonlySet<string>,
): readonly LiveSegment[] {
  const run: LiveSegment[] = [];
  let [rows, bytes] = [0, 0];
  let [first, last] = [0n, 0n];
  for (const segment of segments.slice(from, from + mergeAtMost)) {
    const { facts } = segment;
    // Segments of before the times of arrival were written down are left as they are.
    if (facts.minObserved === undefined || facts.maxObserved === undefined) break;
    if (leave.has(facts.id)) break;
    rows += facts.rows;
    bytes += plainBytesOf(segment);
    const [begin, end] = [BigInt(facts.minObserved), BigInt(facts.maxObserved)];
    first = run.length === 0 || begin < first ? begin : first;
    last = run.length === 0 || end > last ? end : last;
    const isTooLong = last - first > BigInt(mergeSpanMs) * 1_000_000n;
    if (rows > sealRows || bytes > mergeBytes || isTooLong) break;
    run.push(segment);
  }
  return run;
}

/** About what a segment's rows need in memory. */
export function plainBytesOf({ facts }: LiveSegment): number {
  return facts.plainBytes ?? PLAIN_RATIO * facts.bytes;
}
