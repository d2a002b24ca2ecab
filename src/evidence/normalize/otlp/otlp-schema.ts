/** Types of single values; an `id` is bytes that OTLP/JSON writes in hexadecimal. */
const SCALARS = [
  'string',
  'bytes',
  'id',
  'bool',
  'int32',
  'uint32',
  'sint32',
  'enum',
  'int64',
  'uint64',
  'fixed64',
  'sfixed64',
  'fixed32',
  'double',
] as const;

/** How the value of a field is written, in protobuf and in OTLP/JSON. */
export type FieldType = (typeof SCALARS)[number] | { readonly message: MessageName };

/** One field: its name in OTLP/JSON, its number, its type. */
export interface Field {
  readonly name: string;
  readonly number: number;
  readonly type: FieldType;
  readonly isRepeated: boolean;
}

/**
 * The messages of OTLP 1.10 (opentelemetry-proto) as `name number type`, `[]` behind the type for
 * repeated fields.
 */
const MESSAGES = {
  LogsRequest: 'resourceLogs 1 ResourceLogs[]',
  ResourceLogs: 'resource 1 Resource, scopeLogs 2 ScopeLogs[], schemaUrl 3 string',
  ScopeLogs: 'scope 1 Scope, logRecords 2 LogRecord[], schemaUrl 3 string',
  LogRecord:
    'timeUnixNano 1 fixed64, severityNumber 2 enum, severityText 3 string, body 5 AnyValue, ' +
    'attributes 6 KeyValue[], droppedAttributesCount 7 uint32, flags 8 fixed32, traceId 9 id, ' +
    'spanId 10 id, observedTimeUnixNano 11 fixed64, eventName 12 string',
  TracesRequest: 'resourceSpans 1 ResourceSpans[]',
  ResourceSpans: 'resource 1 Resource, scopeSpans 2 ScopeSpans[], schemaUrl 3 string',
  ScopeSpans: 'scope 1 Scope, spans 2 Span[], schemaUrl 3 string',
  Span:
    'traceId 1 id, spanId 2 id, traceState 3 string, parentSpanId 4 id, name 5 string, ' +
    'kind 6 enum, startTimeUnixNano 7 fixed64, endTimeUnixNano 8 fixed64, ' +
    'attributes 9 KeyValue[], droppedAttributesCount 10 uint32, events 11 SpanEvent[], ' +
    'droppedEventsCount 12 uint32, links 13 Link[], droppedLinksCount 14 uint32, ' +
    'status 15 Status, flags 16 fixed32',
  SpanEvent:
    'timeUnixNano 1 fixed64, name 2 string, attributes 3 KeyValue[], ' +
    'droppedAttributesCount 4 uint32',
  Link:
    'traceId 1 id, spanId 2 id, traceState 3 string, attributes 4 KeyValue[], ' +
    'droppedAttributesCount 5 uint32, flags 6 fixed32',
  Status: 'message 2 string, code 3 enum',
  MetricsRequest: 'resourceMetrics 1 ResourceMetrics[]',
  ResourceMetrics: 'resource 1 Resource, scopeMetrics 2 ScopeMetrics[], schemaUrl 3 string',
  ScopeMetrics: 'scope 1 Scope, metrics 2 Metric[], schemaUrl 3 string',
  Metric:
    'name 1 string, description 2 string, unit 3 string, gauge 5 Gauge, sum 7 Sum, ' +
    'histogram 9 Histogram, exponentialHistogram 10 ExponentialHistogram, summary 11 Summary, ' +
    'metadata 12 KeyValue[]',
  Gauge: 'dataPoints 1 NumberDataPoint[]',
  Sum: 'dataPoints 1 NumberDataPoint[], aggregationTemporality 2 enum, isMonotonic 3 bool',
  Histogram: 'dataPoints 1 HistogramDataPoint[], aggregationTemporality 2 enum',
  ExponentialHistogram:
    'dataPoints 1 ExponentialHistogramDataPoint[], aggregationTemporality 2 enum',
  Summary: 'dataPoints 1 SummaryDataPoint[]',
  NumberDataPoint:
    'attributes 7 KeyValue[], startTimeUnixNano 2 fixed64, timeUnixNano 3 fixed64, ' +
    'asDouble 4 double, asInt 6 sfixed64, exemplars 5 Exemplar[], flags 8 uint32',
  HistogramDataPoint:
    'attributes 9 KeyValue[], startTimeUnixNano 2 fixed64, timeUnixNano 3 fixed64, ' +
    'count 4 fixed64, sum 5 double, bucketCounts 6 fixed64[], explicitBounds 7 double[], ' +
    'exemplars 8 Exemplar[], flags 10 uint32, min 11 double, max 12 double',
  ExponentialHistogramDataPoint:
    'attributes 1 KeyValue[], startTimeUnixNano 2 fixed64, timeUnixNano 3 fixed64, ' +
    'count 4 fixed64, sum 5 double, scale 6 sint32, zeroCount 7 fixed64, positive 8 Buckets, ' +
    'negative 9 Buckets, flags 10 uint32, exemplars 11 Exemplar[], min 12 double, ' +
    'max 13 double, zeroThreshold 14 double',
  Buckets: 'offset 1 sint32, bucketCounts 2 uint64[]',
  SummaryDataPoint:
    'attributes 7 KeyValue[], startTimeUnixNano 2 fixed64, timeUnixNano 3 fixed64, ' +
    'count 4 fixed64, sum 5 double, quantileValues 6 ValueAtQuantile[], flags 8 uint32',
  ValueAtQuantile: 'quantile 1 double, value 2 double',
  Exemplar:
    'filteredAttributes 7 KeyValue[], timeUnixNano 2 fixed64, asDouble 3 double, ' +
    'asInt 6 sfixed64, spanId 4 id, traceId 5 id',
  Resource: 'attributes 1 KeyValue[], droppedAttributesCount 2 uint32',
  Scope:
    'name 1 string, version 2 string, attributes 3 KeyValue[], droppedAttributesCount 4 uint32',
  KeyValue: 'key 1 string, value 2 AnyValue',
  AnyValue:
    'stringValue 1 string, boolValue 2 bool, intValue 3 int64, doubleValue 4 double, ' +
    'arrayValue 5 ArrayValue, kvlistValue 6 KeyValueList, bytesValue 7 bytes',
  ArrayValue: 'values 1 AnyValue[]',
  KeyValueList: 'values 1 KeyValue[]',
} as const;

/** A message of OTLP. */
export type MessageName = keyof typeof MESSAGES;

/** The fields of every message, by number and by JSON name. */
export interface MessageFields {
  readonly byNumber: ReadonlyMap<number, Field>;
  readonly byName: ReadonlyMap<string, Field>;
}

/** All messages, parsed once when this module is loaded: a constant in another notation. */
export const OTLP_SCHEMA: ReadonlyMap<string, MessageFields> = new Map(
  Object.entries(MESSAGES).map(([message, fields]) => [message, parseFields(fields)]),
);

function parseFields(text: string): MessageFields {
  const fields = text.split(', ').map(parseField);
  const byName = new Map(fields.map((field) => [field.name, field] as const));
  // Parsers of OTLP/JSON accept the names of the .proto files too, as protobuf's JSON mapping does.
  for (const field of fields) {
    byName.set(
      field.name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      field,
    );
  }
  return { byNumber: new Map(fields.map((field) => [field.number, field] as const)), byName };
}

function parseField(text: string): Field {
  const [name = '', number = '', type = ''] = text.split(' ');
  const isRepeated = type.endsWith('[]');
  const base = isRepeated ? type.slice(0, -2) : type;
  return {
    name,
    number: Number(number),
    isRepeated,
    type: isMessageName(base) ? { message: base } : scalarType(base),
  };
}

function isMessageName(text: string): text is MessageName {
  return Object.hasOwn(MESSAGES, text);
}

function scalarType(text: string): FieldType {
  const type = SCALARS.find((scalar) => scalar === text);
  if (type === undefined) throw new Error(`broken invariant: no OTLP type is named ${text}`);
  return type;
}
