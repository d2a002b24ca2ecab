import { timeNs, toRfc3339 } from '../../../base/time.ts';
import type { FeatureRow } from '../../../model/record/feature-row.ts';
import { KIND_INDEX } from '../../../model/record/record-batch.ts';
import { SEVERITY } from '../../../model/record/severity.ts';
import { CLASSES_PER_OCTAVE } from './engine/feature-cells.ts';
import type { FeatureCell } from './engine/protocol.ts';

/** Counts of one bucket and component while they are added up. */
interface Sums {
  readonly start: bigint;
  readonly component: string;
  readonly counts: {
    logs: number;
    warnings: number;
    errors: number;
    events: number;
    alerts: number;
    spans: number;
    failedSpans: number;
  };
  /** Spans per class of latency. */
  readonly latencies: Map<number, number>;
}

/** Adds cells up into one row per bucket and component, in order of time, then of the name. */
export function featureRows(cells: readonly FeatureCell[]): readonly FeatureRow[] {
  const sums = new Map<string, Sums>();
  for (const cell of cells) {
    const key = `${cell.start}/${cell.component}`;
    let sum = sums.get(key);
    if (sum === undefined) {
      const { start, component } = cell;
      sum = { start, component, counts: noCounts(), latencies: new Map() };
      sums.set(key, sum);
    }
    addCell(sum, cell);
  }
  return [...sums.values()]
    .toSorted((a, b) =>
      a.start === b.start ? compareTexts(a.component, b.component) : a.start < b.start ? -1 : 1,
    )
    .map(({ start, component, counts, latencies }) => ({
      time: toRfc3339(timeNs(start)),
      component,
      ...counts,
      ...(latencies.size === 0 ? {} : quantiles(latencies)),
    }));
}

function noCounts(): Sums['counts'] {
  return { logs: 0, warnings: 0, errors: 0, events: 0, alerts: 0, spans: 0, failedSpans: 0 };
}

function addCell({ counts, latencies }: Sums, cell: FeatureCell): void {
  const { kind, severity, count, latencyClass } = cell;
  if (kind === KIND_INDEX.log) {
    counts.logs += count;
    if (severity >= SEVERITY.error) counts.errors += count;
    else if (severity >= SEVERITY.warn) counts.warnings += count;
  } else if (kind === KIND_INDEX.event) counts.events += count;
  else if (kind === KIND_INDEX.alert) counts.alerts += count;
  else if (kind === KIND_INDEX.span) {
    counts.spans += count;
    if (severity >= SEVERITY.error) counts.failedSpans += count;
    if (latencyClass < 0) return;
    latencies.set(latencyClass, (latencies.get(latencyClass) ?? 0) + count);
  }
}

function quantiles(latencies: ReadonlyMap<number, number>) {
  const classes = [...latencies].toSorted(([a], [b]) => a - b);
  const total = classes.reduce((sum, [, count]) => sum + count, 0);
  /** The nearest rank, as the middle of its class. */
  const at = (share: number): number => {
    let rest = Math.max(1, Math.ceil(share * total));
    for (const [latencyClass, count] of classes) {
      rest -= count;
      if (rest <= 0) return 2 ** ((latencyClass + 0.5) / CLASSES_PER_OCTAVE) / 1000;
    }
    return 0;
  };
  return { spanP50Ms: round(at(0.5)), spanP95Ms: round(at(0.95)), spanP99Ms: round(at(0.99)) };
}

function round(ms: number): number {
  return Number(ms.toPrecision(4));
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
