import type { TimelineRecord } from '../../../model/record/timeline-record.ts';

/**
 * A column of an exported file: a member of the record. `json` is any value of JSON, `time` RFC
 * 3339 text (null where the origin stamped none).
 */
export interface EventColumn {
  readonly name: string;
  readonly type: 'text' | 'integer' | 'time' | 'json';
  readonly value: (record: TimelineRecord) => unknown;
}

/** The columns in their order. */
export const EVENT_COLUMNS: readonly EventColumn[] = [
  { name: 'id', type: 'text', value: ({ id }) => id },
  { name: 'kind', type: 'text', value: ({ kind }) => kind },
  { name: 'time', type: 'time', value: ({ time }) => time },
  { name: 'observedTime', type: 'time', value: ({ observedTime }) => observedTime },
  { name: 'alignedTime', type: 'time', value: ({ alignedTime }) => alignedTime },
  { name: 'clock.id', type: 'text', value: ({ clock }) => clock.id },
  { name: 'clock.offsetNs', type: 'integer', value: ({ clock }) => clock.offsetNs },
  { name: 'clock.boundNs', type: 'integer', value: ({ clock }) => clock.boundNs },
  { name: 'clock.method', type: 'text', value: ({ clock }) => clock.method },
  { name: 'component', type: 'text', value: ({ component }) => component },
  { name: 'host', type: 'text', value: ({ host }) => host },
  { name: 'service', type: 'text', value: ({ service }) => service },
  { name: 'severity', type: 'integer', value: ({ severity }) => severity },
  { name: 'severityText', type: 'text', value: ({ severityText }) => severityText },
  { name: 'eventName', type: 'text', value: ({ eventName }) => eventName },
  { name: 'body', type: 'json', value: ({ body }) => body },
  { name: 'traceId', type: 'text', value: ({ traceId }) => traceId },
  { name: 'spanId', type: 'text', value: ({ spanId }) => spanId },
  { name: 'parentSpanId', type: 'text', value: ({ parentSpanId }) => parentSpanId },
  { name: 'durationNs', type: 'integer', value: ({ durationNs }) => durationNs },
  { name: 'resource', type: 'json', value: ({ resource }) => resource },
  { name: 'attributes', type: 'json', value: ({ attributes }) => attributes },
  { name: 'source.id', type: 'text', value: ({ source }) => source.id },
  { name: 'source.position', type: 'text', value: ({ source }) => source.position },
];
