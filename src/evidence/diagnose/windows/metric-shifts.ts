import type { Finding } from './finding.ts';
import { metricKind, type MetricKind } from './metric-kind.ts';
import { ascending, median, quantile } from './proportion.ts';
import { isWithin, type CaseSeries, type WindowCase } from './window-case.ts';

/** Below so many spreads beyond the normal nothing is said. */
const SPREADS_MIN = 3;
/** From so many samples on the edge of normal is a quantile rather than the middle. */
const MANY_SAMPLES = 100;
/** From so many on the most extreme ones are left out. */
const SOME_SAMPLES = 4;
const LEFT_OUT_SHARE = 0.05;
/** A resource at its limit that usually was not is in trouble whatever its spread. */
const AT_LIMIT = 0.9;
const USUALLY_BELOW = 0.5;

/** A metric that left its normal range. */
interface Shift {
  readonly series: CaseSeries;
  readonly kind: MetricKind;
  readonly score: number;
  readonly usual: number;
  readonly extreme: number;
  /** It was out of range in the first sample of the incident. */
  readonly isFromStart: boolean;
}

/** Metrics beyond what was normal in the baseline; symptoms that a callee has too weigh less. */
export function metricShifts(input: WindowCase): readonly Finding[] {
  const shifts = input.series.flatMap((series) => shiftOf(series, input) ?? []);
  const isLate = (kind: MetricKind['kind']): boolean =>
    shifts.some((one) => one.kind.kind === kind && !one.isFromStart);
  const callees = reachable(input);
  return shifts.map((shift) => {
    const { kind, series, isFromStart, usual, extreme } = shift;
    const isSymptom = kind.kind === 'latency' || kind.kind === 'availability';
    const below = callees.get(series.component) ?? new Set();
    const same = isSymptom
      ? shifts.filter((one) => one.kind.kind === kind.kind && below.has(one.series.component))
      : [];
    const best = Math.max(0, ...same.map(({ score }) => score));
    const explained = best === 0 ? 1 : 1 - 0.8 * Math.min(1, best / shift.score);
    const old = isSymptom && isFromStart && isLate(kind.kind) ? 0.3 : 1;
    const isNamed = kind.kind === 'cpu' || kind.kind === 'memory';
    return {
      kind: 'metric',
      component: series.component,
      score: shift.score * explained * old,
      naming: isNamed ? 2 : 1,
      resource: series.name,
      text: `${series.name} went from ${short(usual)} to ${short(extreme)} ${series.unit}`.trim(),
      evidence: [series.name],
    };
  });
}

function shiftOf(series: CaseSeries, input: WindowCase): Shift | undefined {
  const of = (window: WindowCase['baseline']): readonly number[] =>
    series.values.filter((_, at) => isWithin(series.atMs[at] ?? Number.NaN, window));
  const [before, now] = [ascending(of(input.baseline)), of(input.incident)];
  const usual = median(before);
  if (usual === undefined || now.length === 0) return undefined;
  const kind = metricKind(series.name, series.unit);
  const sides = kind.direction === 'both' ? (['up', 'down'] as const) : [kind.direction];
  const shifts = sides.flatMap((side) => {
    const edge = edgeOf(before, usual, side);
    const extreme = extremeOf(ascending(now), side);
    const distance = side === 'up' ? extreme - edge : edge - extreme;
    const spreads = distance / Math.max(spreadOf(before), 0.01 * Math.abs(usual), 1e-12);
    if (distance <= 0 || spreads < SPREADS_MIN) return [];
    const first = now[0] ?? usual;
    const isFromStart = side === 'up' ? first > edge : first < edge;
    const isFull = kind.scale === 'ratio' && extreme >= AT_LIMIT && usual < USUALLY_BELOW;
    const sure = isFull ? 0.9 : spreads / (spreads + 20);
    const score = kind.weight * effectOf(kind, distance, usual, now.length) * sure;
    return [{ series, kind, score, usual, extreme, isFromStart }];
  });
  return shifts.toSorted((a, b) => b.score - a.score)[0];
}

function edgeOf(before: Float64Array, usual: number, side: 'up' | 'down'): number {
  if (before.length < MANY_SAMPLES) return usual;
  return quantile(before, side === 'up' ? 0.99 : 0.01) ?? usual;
}

/** The most extreme sample, less those that one slip of the meter would explain. */
function extremeOf(now: Float64Array, side: 'up' | 'down'): number {
  const left = now.length < SOME_SAMPLES ? 0 : Math.max(1, Math.floor(LEFT_OUT_SHARE * now.length));
  return now[side === 'up' ? now.length - 1 - left : left] ?? 0;
}

function spreadOf(before: Float64Array): number {
  const range = (quantile(before, 0.75) ?? 0) - (quantile(before, 0.25) ?? 0);
  if (range > 0) return range;
  const mean = before.reduce((total, value) => total + value, 0) / before.length;
  const squares = before.reduce((total, value) => total + (value - mean) ** 2, 0);
  return Math.sqrt(squares / before.length);
}

function effectOf(kind: MetricKind, distance: number, usual: number, samples: number): number {
  if (kind.scale === 'ratio') return Math.min(1, distance / 0.3);
  const normal = Math.abs(usual);
  if (kind.scale === 'cores') return distance / (distance + normal + 0.1);
  if (kind.kind === 'availability') return distance / (distance + 0.02);
  const relative = distance / (distance + normal);
  return kind.kind === 'latency' ? relative * (samples / (samples + 10)) : relative;
}

/** Whom each component needs, near and far, along calls. */
function reachable({ edges }: WindowCase): ReadonlyMap<string, ReadonlySet<string>> {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const known = next.get(from);
    if (known === undefined) next.set(from, [to]);
    else known.push(to);
  }
  const all = new Map<string, ReadonlySet<string>>();
  for (const from of next.keys()) {
    const found = new Set<string>();
    const queue = [...(next.get(from) ?? [])];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (at === from || found.has(at)) continue;
      found.add(at);
      queue.push(...(next.get(at) ?? []));
    }
    all.set(from, found);
  }
  return all;
}

function short(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
