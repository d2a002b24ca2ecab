import { canonicalJson, type JsonObject } from '../../../base/canonical-json.ts';
import { addMs, toRfc3339, type TimeNs } from '../../../base/time.ts';
import type { ResolveEntity } from '../../../model/component/entity.ts';
import type { BatchRow, RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import { severityName } from '../../../model/record/severity.ts';
import type { HostEvent } from './host-events.ts';
import type { MetricPoint } from './metric-points.ts';

/** Adds the records of one sample. */
export interface HostRows {
  event(event: HostEvent): void;
  /** `startedNs`: since when counters count. */
  metric(point: MetricPoint, startedNs: TimeNs | undefined): void;
}

/** OTLP says "level" by a sum that may go down (opentelemetry/proto/metrics/v1). */
const TYPES = {
  gauge: { 'metric.type': 'gauge' },
  sum: { 'metric.type': 'sum', 'metric.temporality': 'cumulative', 'metric.monotonic': true },
  level: { 'metric.type': 'sum', 'metric.temporality': 'cumulative', 'metric.monotonic': false },
} as const;

/** Writes records of a source in the shape in which metrics that came by OTLP are stored. */
export function hostRows(
  source: string,
  resource: JsonObject,
  resolve: ResolveEntity,
  atNs: TimeNs,
  into: RecordBatchBuilder,
): HostRows {
  const { component, host, service, clock } = resolve(resource);
  const head = {
    observedNs: atNs,
    component,
    host,
    service,
    clock,
    source,
    resource: canonicalJson(resource),
  } satisfies Partial<BatchRow>;
  return {
    event({ eventName, severity, summary, attributes, agoMs }) {
      into.add({
        ...head,
        kind: 'event',
        eventName,
        severity,
        severityText: severityName(severity),
        timeNs: agoMs === undefined ? undefined : addMs(atNs, -agoMs),
        body: summary,
        attributes: canonicalJson(attributes),
      });
    },
    metric({ name, unit, type, value, attributes }, startedNs) {
      const isSum = type !== 'gauge' && startedNs !== undefined;
      into.add({
        ...head,
        kind: 'metric',
        timeNs: atNs,
        attributes: canonicalJson({
          ...attributes,
          ...TYPES[type],
          ...(isSum ? { 'metric.start_time': toRfc3339(startedNs) } : {}),
          'metric.name': name,
          'metric.unit': unit,
          'metric.value': value,
        }),
      });
    },
  };
}
