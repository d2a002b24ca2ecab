import { parseJsonObject } from '../../../base/parse-json.ts';
import { ABSENT_NS, KIND_INDEX, type RecordBatch } from '../../../model/record/record-batch.ts';
import { spanKey } from '../../../model/record/record-parts.ts';
import { SEVERITY } from '../../../model/record/severity.ts';
import { logStatement, speaksOfError } from './log-statement.ts';
import {
  isWithin,
  JUST_BEFORE_MS,
  type CaseEdge,
  type CaseLog,
  type CaseSeries,
  type CaseSpan,
  type Window,
  type WindowCase,
} from './window-case.ts';

/** Calls as servers of metrics count them (the service graph of Tempo and the Collector). */
const GRAPH_METRIC = 'traces_service_graph_request_total';

/** A series while it grows. */
interface Series {
  readonly component: string;
  readonly name: string;
  readonly unit: string;
  /** Its values only grow: what counts is by how much. */
  readonly isTotal: boolean;
  readonly points: { readonly atMs: number; readonly value: number }[];
}

/** Two stretches of time, in nanoseconds since the epoch. */
export interface CaseWindows {
  readonly incident: { readonly fromNs: bigint; readonly toNs: bigint };
  readonly baseline: { readonly fromNs: bigint; readonly toNs: bigint };
}

/** Gathers what is compared from records in whatever order; what is in no window is left out. */
export class CaseBuilder {
  readonly #zeroNs: bigint;
  readonly #incident: Window;
  readonly #baseline: Window;
  readonly #spans: CaseSpan[] = [];
  readonly #logs: CaseLog[] = [];
  readonly #series = new Map<string, Series>();
  readonly #edges = new Map<string, CaseEdge>();
  #during = 0;

  constructor({ incident, baseline }: CaseWindows) {
    this.#zeroNs = incident.fromNs;
    this.#incident = { fromMs: 0, toMs: this.#ms(incident.toNs) };
    this.#baseline = { fromMs: this.#ms(baseline.fromNs), toMs: this.#ms(baseline.toNs) };
  }

  /** Records within the incident so far. */
  get during(): number {
    return this.#during;
  }

  /** `times` are the aligned times of the rows, nanoseconds since the epoch. */
  add(batch: RecordBatch, times: (row: number) => bigint): void {
    for (let row = 0; row < batch.rows; row += 1) {
      const atMs = this.#ms(times(row));
      if (!this.#isOfInterest(atMs)) continue;
      if (isWithin(atMs, this.#incident)) this.#during += 1;
      switch (batch.kind[row]) {
        case KIND_INDEX.span:
          this.#addSpan(batch, row, atMs);
          break;
        case KIND_INDEX.log:
        case KIND_INDEX.event:
          this.#addLog(batch, row, atMs);
          break;
        case KIND_INDEX.metric:
          this.#addPoint(batch, row, atMs);
          break;
        default:
      }
    }
  }

  /** Everything gathered, with the dependencies that are known besides. */
  build(known: readonly CaseEdge[] = []): WindowCase {
    const components = new Map(this.#spans.map(({ id, component }) => [id, component]));
    for (const { component: to, parent } of this.#spans) {
      const from = components.get(parent);
      if (from !== undefined && from !== to) this.#edges.set(`${from}\n${to}`, { from, to });
    }
    for (const edge of known) this.#edges.set(`${edge.from}\n${edge.to}`, edge);
    return {
      incident: this.#incident,
      baseline: this.#baseline,
      spans: this.#spans,
      logs: this.#logs,
      series: [...this.#series.values()].map(finished),
      edges: [...this.#edges.values()],
    };
  }

  #ms(ns: bigint): number {
    return Number(ns - this.#zeroNs) / 1e6;
  }

  #isOfInterest(atMs: number): boolean {
    const { fromMs, toMs } = this.#baseline;
    return (
      (atMs >= -JUST_BEFORE_MS && atMs < this.#incident.toMs) || (atMs >= fromMs && atMs < toMs)
    );
  }

  #addSpan(batch: RecordBatch, row: number, startMs: number): void {
    const duration = batch.durationNs[row] ?? ABSENT_NS;
    this.#spans.push({
      component: componentOf(batch, row),
      operation: batch.body[row] ?? '',
      startMs,
      endMs: duration === ABSENT_NS ? startMs : startMs + Number(duration) / 1e6,
      id: spanKey(batch.span[row]),
      parent: spanKey(batch.parentSpan[row]),
      trace: spanKey(batch.traceLow[row]),
      isError: (batch.severity[row] ?? 0) >= SEVERITY.error,
    });
  }

  #addLog(batch: RecordBatch, row: number, atMs: number): void {
    const body = batch.body[row] ?? '';
    const name = batch.dictionary[batch.eventName[row] ?? 0] ?? '';
    const severity = batch.severity[row] ?? 0;
    const isError = severity >= SEVERITY.error || (severity === 0 && speaksOfError(body));
    this.#logs.push({
      component: componentOf(batch, row),
      atMs,
      statement: name === '' ? logStatement(body, isError) : name,
      isError,
      trace: spanKey(batch.traceLow[row]),
      span: spanKey(batch.span[row]),
    });
  }

  #addPoint(batch: RecordBatch, row: number, atMs: number): void {
    const attributes = parseJsonObject(batch.attributes[row] ?? '') ?? {};
    const { 'metric.name': name, 'metric.value': value, 'metric.unit': unit } = attributes;
    if (typeof name !== 'string') return;
    if (name === GRAPH_METRIC) {
      const { client: from, server: to } = attributes;
      if (typeof from !== 'string' || typeof to !== 'string' || from === to) return;
      this.#edges.set(`${from}\n${to}`, { from, to });
      return;
    }
    if (typeof value !== 'number' || !Number.isFinite(value)) return;
    const component = componentOf(batch, row);
    const parts = Object.entries(attributes).filter(([key]) => !key.startsWith('metric.'));
    const resource = batch.dictionary[batch.resource[row] ?? 0] ?? '';
    const key = `${component}\n${name}\n${resource}\n${JSON.stringify(parts)}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      const isTotal =
        attributes['metric.monotonic'] === true &&
        attributes['metric.temporality'] === 'cumulative';
      const printed = typeof unit === 'string' ? unit : '';
      series = { component, name, unit: printed, isTotal, points: [] };
      this.#series.set(key, series);
    }
    series.points.push({ atMs, value });
  }
}

function componentOf(batch: RecordBatch, row: number): string {
  const name = batch.dictionary[batch.component[row] ?? 0] ?? '';
  return name === '' ? (batch.dictionary[batch.source[row] ?? 0] ?? '') : name;
}

/** In time order; of totals what each sample adds a second, and nothing where they restart. */
function finished({ component, name, unit, isTotal, points }: Series): CaseSeries {
  const sorted = points.toSorted((a, b) => a.atMs - b.atMs);
  const shown = isTotal
    ? sorted.slice(1).flatMap(({ atMs, value }, at) => {
        const before = sorted[at];
        if (before === undefined || value < before.value || atMs <= before.atMs) return [];
        return [{ atMs, value: ((value - before.value) * 1000) / (atMs - before.atMs) }];
      })
    : sorted;
  return {
    component,
    name,
    unit,
    atMs: shown.map(({ atMs }) => atMs),
    values: shown.map(({ value }) => value),
  };
}
