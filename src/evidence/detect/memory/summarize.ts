import { fromUnixMs, timeNs, toRfc3339 } from '../../../base/time.ts';
import type { ClockPair } from '../../../model/evidence/clock-pair.ts';
import type {
  CallCounts,
  EvidenceSummary,
  PresenceEvidence,
  SpanCounts,
  StampingClock,
} from '../../../model/evidence/evidence-summary.ts';
import type { CountRing } from './count-ring.ts';
import type { EventLog } from './event-log.ts';
import type { TroubledTimes } from './troubled-times.ts';
import { COUNT, EDGE, OPERATION, type Series, type SeriesTable } from './series-table.ts';

/** The window that is asked about, nanoseconds since the epoch. */
export interface EvidenceWindow {
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** Beginning of the time before; absent: everything known before `fromNs` counts as baseline. */
  readonly baselineFromNs?: bigint;
}

/** What a summary is made of. */
export interface SummaryParts {
  readonly bucketMs: number;
  readonly presence: SeriesTable;
  readonly operations: SeriesTable;
  readonly edges: SeriesTable;
  readonly logs: SeriesTable;
  readonly refusals: SeriesTable;
  readonly events: EventLog;
  readonly troubled: TroubledTimes;
  readonly clocks: readonly StampingClock[];
  readonly clockPairs: readonly ClockPair[];
  readonly componentAt: (address: string) => string | undefined;
}

/** Bucket numbers of both windows; `hasOlder`: what left the rings belongs to the baseline. */
interface Slices {
  readonly baseline: number;
  readonly from: number;
  readonly to: number;
  readonly hasOlder: boolean;
  /** Buckets in which something fired: they say nothing about what is normal. */
  readonly troubled: ReadonlySet<number>;
}

/** Entries of one sort in a summary: it crosses a process boundary and is read by people. */
const ENTRIES_MAX = 500;

/** Counts what the tables hold in the window and before it. */
export function summarize(parts: SummaryParts, window: EvidenceWindow): EvidenceSummary {
  const at = (ns: bigint): number => Math.floor(Number(ns) / 1e6 / parts.bucketMs);
  const from = at(window.fromNs);
  const slices: Slices = {
    baseline: window.baselineFromNs === undefined ? 0 : at(window.baselineFromNs),
    from,
    to: Math.max(from, at(window.toNs)) + 1,
    hasOlder: window.baselineFromNs === undefined,
    troubled: parts.troubled.before(from),
  };
  const baselineFromNs = window.baselineFromNs ?? earliest(parts, slices) ?? window.fromNs;
  return {
    from: toRfc3339(timeNs(window.fromNs)),
    to: toRfc3339(timeNs(window.toNs)),
    baselineFrom: toRfc3339(timeNs(baselineFromNs)),
    presence: [...parts.presence.all()]
      .slice(0, ENTRIES_MAX)
      .map((series) => presenceOf(series, slices, parts.bucketMs)),
    ...spansOf(parts, slices),
    ...textsOf(parts, slices),
    events: parts.events
      .between(Number(baselineFromNs) / 1e6, Number(window.toNs) / 1e6)
      .slice(-ENTRIES_MAX)
      .map(({ ms, ...event }) => ({ ...event, at: rfc3339(ms) })),
    clocks: parts.clocks.slice(0, ENTRIES_MAX),
    clockPairs: parts.clockPairs.slice(0, ENTRIES_MAX),
    dropped: [parts.presence, parts.operations, parts.edges, parts.logs, parts.refusals].reduce(
      (sum, table) => sum + table.dropped,
      0,
    ),
  };
}

function spansOf(
  parts: SummaryParts,
  slices: Slices,
): Pick<EvidenceSummary, 'operations' | 'edges'> {
  return {
    operations: ranked(parts.operations, slices, OPERATION.errors).map((series) => ({
      component: series.component,
      operation: series.name,
      isEntry: series.isEntry,
      before: spanCounts(series.ring, slices, 'before'),
      during: spanCounts(series.ring, slices, 'during'),
      ...firstError('firstErrorAt', series.ring, slices),
    })),
    edges: ranked(parts.edges, slices, EDGE.errors).map((series) => ({
      from: series.component,
      to: series.name,
      before: callCounts(series.ring, slices, 'before'),
      during: callCounts(series.ring, slices, 'during'),
      ...firstError('firstErrorAt', series.ring, slices),
      ...lastError('lastErrorAt', series.ring, slices),
    })),
  };
}

function textsOf(parts: SummaryParts, slices: Slices): Pick<EvidenceSummary, 'logs' | 'refusals'> {
  return {
    logs: ranked(parts.logs, slices, COUNT).map((series) => ({
      component: series.component,
      key: series.name,
      sample: series.sample,
      before: countOf(series.ring, COUNT, slices, 'before'),
      during: countOf(series.ring, COUNT, slices, 'during'),
      ...firstError('firstAt', series.ring, slices),
    })),
    refusals: ranked(parts.refusals, slices, COUNT)
      .map((series) => ({
        component: series.component,
        target: parts.componentAt(series.name) ?? series.name,
        count: countOf(series.ring, COUNT, slices, 'during'),
        ...firstError('firstAt', series.ring, slices),
        ...lastError('lastAt', series.ring, slices),
      }))
      .filter(({ count }) => count > 0),
  };
}

/** Series with the most errors in the window first, so that a cut takes the least telling. */
function ranked(table: SeriesTable, slices: Slices, lane: number): readonly Series[] {
  const weight = ({ ring }: Series): number => countOf(ring, lane, slices, 'during');
  return [...table.all()]
    .map((series) => ({ series, weight: weight(series) }))
    .toSorted((a, b) => b.weight - a.weight || (nameOf(a.series) < nameOf(b.series) ? -1 : 1))
    .slice(0, ENTRIES_MAX)
    .map(({ series }) => series);
}

const nameOf = ({ component, name }: Series): string => `${component}\n${name}`;

function countOf(ring: CountRing, lane: number, slices: Slices, when: 'before' | 'during'): number {
  if (when === 'during') return ring.sum(lane, slices.from, slices.to);
  return (
    ring.sum(lane, slices.baseline, slices.from, slices.troubled) +
    (slices.hasOlder ? ring.older(lane) : 0)
  );
}

function spanCounts(ring: CountRing, slices: Slices, when: 'before' | 'during'): SpanCounts {
  return {
    calls: countOf(ring, OPERATION.calls, slices, when),
    errors: countOf(ring, OPERATION.errors, slices, when),
    slow: countOf(ring, OPERATION.slow, slices, when),
    totalMs: countOf(ring, OPERATION.totalMs, slices, when),
  };
}

function callCounts(ring: CountRing, slices: Slices, when: 'before' | 'during'): CallCounts {
  return {
    calls: countOf(ring, EDGE.calls, slices, when),
    errors: countOf(ring, EDGE.errors, slices, when),
    refused: countOf(ring, EDGE.refused, slices, when),
    served: countOf(ring, EDGE.served, slices, when),
    servedErrors: countOf(ring, EDGE.servedErrors, slices, when),
  };
}

function presenceOf(series: Series, slices: Slices, bucketMs: number): PresenceEvidence {
  const { ring, component, lastMs } = series;
  const begin = Math.max(slices.baseline, ring.first ?? slices.from);
  const skipped = [...slices.troubled].filter((at) => at >= begin && at < slices.from).length;
  const length = slices.from - begin - skipped;
  const active = ring.active(COUNT, begin, slices.from, slices.troubled);
  const head = ring.head ?? slices.from;
  return {
    component,
    recordsBefore: countOf(ring, COUNT, slices, 'before'),
    recordsDuring: countOf(ring, COUNT, slices, 'during'),
    activeBefore: length <= 0 ? 0 : Math.min(1, active / length),
    silentMs: Math.max(0, slices.to - 1 - head) * bucketMs,
    lastSeenAt: rfc3339(lastMs),
  };
}

type Named<Name extends string> = { readonly [key in Name]?: string };

function firstError<Name extends string>(name: Name, ring: CountRing, at: Slices): Named<Name> {
  return named(name, ring.firstErrorMs(at.from, at.to));
}

function lastError<Name extends string>(name: Name, ring: CountRing, at: Slices): Named<Name> {
  return named(name, ring.lastErrorMs(at.from, at.to));
}

function named<Name extends string>(name: Name, ms: number | undefined): Named<Name> {
  const result: { [key in Name]?: string } = {};
  if (ms !== undefined) result[name] = rfc3339(ms);
  return result;
}

function earliest(parts: SummaryParts, slices: Slices): bigint | undefined {
  let first = slices.from;
  for (const { ring } of parts.presence.all()) first = Math.min(first, ring.first ?? first);
  return first === slices.from
    ? undefined
    : BigInt(Math.round(first * parts.bucketMs)) * 1_000_000n;
}

const rfc3339 = (ms: number): string =>
  ms === Number.NEGATIVE_INFINITY ? '' : toRfc3339(fromUnixMs(ms));
