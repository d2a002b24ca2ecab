import { timeNs } from '../../../base/time.ts';
import { RECORD_KINDS } from '../../../model/record/timeline-record.ts';
import type { TimelineFilter } from '../../../model/record/timeline-query.ts';
import type { Count, CountRequest, SegmentPart } from './engine/protocol.ts';
import type { OverlayView } from './overlays.ts';
import type { LiveSegment, SegmentList } from './segment-list.ts';

/** Width of the pre-aggregates, as `engine/describe-rows.ts` makes them. */
export const DENSITY_WIDTH_NS = 10_000_000_000n;

/** A bucket, a component, a kind, a severity and how many. */
export const DENSITY_NUMBERS = 5;

/** What of a density query is known already, and what the engine must count. */
export interface DensityPlan {
  readonly known: readonly Count[];
  /** Every one of them is counted over its own stretch of time. */
  readonly toCount: readonly CountRequest[];
}

/**
 * Splits a density query: whole pre-aggregated buckets of sealed segments are added up here, the
 * ragged ends of the time range and everything hot is counted exactly by the engine.
 */
export function planDensity(
  segments: SegmentList,
  filter: TimelineFilter,
  bucketNs: bigint,
  view: OverlayView,
): DensityPlan {
  const known: Count[] = [];
  const exact: LiveSegment[] = [];
  const edged: SegmentPart[] = [];
  const usable = bucketNs % DENSITY_WIDTH_NS === 0n && !needsRows(filter);
  const inner = innerRange(filter);
  const overlay = view.corrected;
  for (const segment of segments.candidates(view.widened(filter))) {
    const isMoved = view.moves(segment.minMoment, segment.maxMoment);
    const density = usable && !isMoved ? segments.side(segment.id)?.density : undefined;
    if (density === undefined) {
      exact.push(segment);
      continue;
    }
    known.push(...addUp(segment, density, filter, inner, bucketNs));
    if (!covers(inner, segment)) edged.push({ id: segment.id });
  }
  const parts = segments.partsWith(filter.text, exact);
  const whole: CountRequest = { filter, bucketNs, segments: parts, hot: true, overlay };
  const edges = edgesOf(filter, inner).map((edge): CountRequest => ({
    filter: edge,
    bucketNs,
    segments: edged,
    hot: false,
    overlay,
  }));
  return { known, toCount: edged.length === 0 ? [whole] : [whole, ...edges] };
}

function needsRows(filter: TimelineFilter): boolean {
  const { hosts, services, sources, eventNames, traceId, text } = filter;
  const columns = [hosts, services, sources, eventNames, traceId];
  return columns.some((asked) => asked !== undefined) || (text ?? '') !== '';
}

/** A range of whole pre-aggregated buckets; an absent end is open. */
interface Range {
  readonly from?: bigint;
  readonly to?: bigint;
}

function innerRange({ from, to }: TimelineFilter): Range {
  return {
    ...(from === undefined ? {} : { from: -floorTo(-from, DENSITY_WIDTH_NS) }),
    ...(to === undefined ? {} : { to: floorTo(to, DENSITY_WIDTH_NS) }),
  };
}

/** Whether all of a segment lies within the whole buckets. */
function covers({ from, to }: Range, { minMoment, maxMoment }: LiveSegment): boolean {
  return (from === undefined || minMoment >= from) && (to === undefined || maxMoment < to);
}

/** The stretches between the asked range and its whole buckets. */
function edgesOf(filter: TimelineFilter, inner: Range): readonly TimelineFilter[] {
  const { from, to } = filter;
  if (inner.from !== undefined && inner.to !== undefined && inner.from >= inner.to) {
    // Less than a whole bucket: nothing of it was added up.
    return [filter];
  }
  const edges: TimelineFilter[] = [];
  if (from !== undefined && inner.from !== undefined && inner.from > from) {
    edges.push({ ...filter, to: timeNs(inner.from) });
  }
  if (to !== undefined && inner.to !== undefined && inner.to < to) {
    edges.push({ ...filter, from: timeNs(inner.to) });
  }
  return edges;
}

function addUp(
  { facts }: LiveSegment,
  density: readonly number[],
  filter: TimelineFilter,
  inner: Range,
  bucketNs: bigint,
): readonly Count[] {
  const sums = new Map<string, Count>();
  for (let at = 0; at < density.length; at += DENSITY_NUMBERS) {
    const [bucket = 0, component = 0, kind = 0, severity = 0, count = 0] = density.slice(
      at,
      at + DENSITY_NUMBERS,
    );
    const start = BigInt(bucket) * DENSITY_WIDTH_NS;
    if (inner.from !== undefined && start < inner.from) continue;
    if (inner.to !== undefined && start >= inner.to) continue;
    if (severity < (filter.minSeverity ?? 0)) continue;
    const kindName = RECORD_KINDS[kind];
    if (filter.kinds !== undefined && !filter.kinds.some((each) => each === kindName)) continue;
    const name = facts.components[component] ?? '';
    if (filter.components !== undefined && (name === '' || !filter.components.includes(name))) {
      continue;
    }
    const wide = floorTo(start, bucketNs);
    const key = `${wide}/${severity}`;
    sums.set(key, { start: wide, severity, count: (sums.get(key)?.count ?? 0) + count });
  }
  return [...sums.values()];
}

/** The greatest multiple of `width` that is not above `value`. */
export function floorTo(value: bigint, width: bigint): bigint {
  const rest = value % width;
  return value - (rest < 0n ? rest + width : rest);
}
