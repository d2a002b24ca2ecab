import type { KeyEntry, KeyTable } from './key-table.ts';

/** The attributes we make of OTLP fields that the record has no column for. */
export const OTLP_KEYS = {
  scopeName: 'otel.scope.name',
  scopeVersion: 'otel.scope.version',
  schemaUrl: 'otel.schema_url',
  droppedAttributes: 'otel.dropped_attributes_count',
  droppedEvents: 'otel.dropped_events_count',
  droppedLinks: 'otel.dropped_links_count',
  traceFlags: 'otel.trace_flags',
  observedTime: 'otel.observed_time',
  statusCode: 'otel.status_code',
  statusDescription: 'otel.status_description',
  spanKind: 'span.kind',
  spanLinks: 'otel.span.links',
  spanEndTime: 'otel.span.end_time',
  traceState: 'w3c.tracestate',
  metricName: 'metric.name',
  metricDescription: 'metric.description',
  metricUnit: 'metric.unit',
  metricType: 'metric.type',
  metricTemporality: 'metric.temporality',
  metricMonotonic: 'metric.monotonic',
  metricStartTime: 'metric.start_time',
  metricValue: 'metric.value',
  metricHistogram: 'metric.histogram',
  metricSummary: 'metric.summary',
  metricExemplars: 'metric.exemplars',
  metricNoValue: 'metric.no_recorded_value',
} as const;

/** The keys above, looked up once. */
export type OtlpKeyEntries = Readonly<Record<keyof typeof OTLP_KEYS, KeyEntry>>;

/** Looks the keys up in a table. */
export function otlpKeyEntries(table: KeyTable): OtlpKeyEntries {
  const entries = Object.entries(OTLP_KEYS).map(([name, key]) => [name, table.of(key)] as const);
  return Object.fromEntries(entries) as OtlpKeyEntries;
}
