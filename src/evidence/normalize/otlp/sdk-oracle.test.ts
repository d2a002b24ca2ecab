import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeverityNumber, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { unwrap } from '../../../base/result.ts';
import { timeNs } from '../../../base/time.ts';
import type { OtlpSignal } from '../../../ports/export-decoder.ts';
import { printRows, type PrintedRow } from '../../../testing/print-rows.ts';
import { createOtlpDecoder } from './otlp-decoder.ts';

/** The encoders of the OpenTelemetry project are the oracle: both of their forms must agree. */
const resource = resourceFromAttributes({ 'service.name': 'checkout', 'process.pid': 42 });

function decodeBoth(
  signal: OtlpSignal,
  protobuf: Uint8Array | undefined,
  json: Uint8Array | undefined,
): readonly PrintedRow[] {
  assert.ok(protobuf !== undefined && json !== undefined);
  const decoder = createOtlpDecoder({ source: 'otlp', resolve: () => ({ component: 'checkout' }) });
  const now = timeNs(1_800_000_000_000_000_000n);
  const fromProtobuf = unwrap(decoder.decode(signal, 'protobuf', protobuf, now));
  const fromJson = unwrap(decoder.decode(signal, 'json', json, now));
  assert.deepEqual(printRows(fromProtobuf.batch), printRows(fromJson.batch));
  assert.equal(fromProtobuf.rejected, 0);
  return printRows(fromProtobuf.batch);
}

test('reads what the OpenTelemetry SDK writes of logs', async () => {
  const exporter = new InMemoryLogRecordExporter();
  const processors = [new SimpleLogRecordProcessor({ exporter })];
  const logger = new LoggerProvider({ resource, processors }).getLogger('shop', '1.2.3');
  logger.emit({
    timestamp: [1_795_217_155, 824_000_001],
    severityNumber: SeverityNumber.ERROR,
    severityText: 'ERROR',
    body: 'payment "refused"\n\u0001 für 10 €',
    attributes: {
      order: 7,
      ratio: 0.5,
      ok: false,
      tags: ['a', 'b'],
      nested: { deep: [1, { x: 'y' }] },
    },
  });
  logger.emit({ eventName: 'cart.emptied', body: { items: 3, by: 'user' } });
  await Promise.resolve();
  const records = exporter.getFinishedLogRecords();
  const rows = decodeBoth(
    'logs',
    ProtobufLogsSerializer.serializeRequest(records),
    JsonLogsSerializer.serializeRequest(records),
  );
  assert.equal(rows.length, 2);
  assert.equal(rows[0]?.kind, 'log');
  assert.equal(rows[0]?.time, 1_795_217_155_824_000_001n);
  assert.equal(rows[0]?.severity, 17);
  assert.equal(rows[0]?.body, 'payment "refused"\n\u0001 für 10 €');
  assert.equal(rows[0]?.resource, '{"process.pid":42,"service.name":"checkout"}');
  const { 'otel.observed_time': observed, ...attributes } = JSON.parse(rows[0]?.attributes ?? '');
  assert.match(observed, /^20/);
  assert.deepEqual(attributes, {
    nested: { deep: [1, { x: 'y' }] },
    ok: false,
    order: 7,
    'otel.scope.name': 'shop',
    'otel.scope.version': '1.2.3',
    ratio: 0.5,
    tags: ['a', 'b'],
  });
  assert.equal(rows[1]?.kind, 'event');
  assert.equal(rows[1]?.eventName, 'cart.emptied');
  assert.equal(rows[1]?.body, '{"by":"user","items":3}');
});

test('reads what the OpenTelemetry SDK writes of spans, their events and links', () => {
  const exporter = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor({ exporter })];
  const tracer = new TracerProvider({ resource, spanProcessors }).getTracer('shop');
  const traceId = '5b8efff798038103d269b633813fc60c';
  const link = { context: { traceId, spanId: 'eee19b7ec3c1b174', traceFlags: 1 } };
  const options = { kind: SpanKind.CLIENT, startTime: [1_795_217_155, 1] as [number, number] };
  const span = tracer.startSpan('POST /pay', { ...options, links: [link] });
  span.setAttribute('http.response.status_code', 502);
  span.recordException(new Error('upstream is gone'), [1_795_217_155, 500]);
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'bad gateway' });
  span.end([1_795_217_156, 3]);
  const spans = exporter.getFinishedSpans();
  const rows = decodeBoth(
    'traces',
    ProtobufTraceSerializer.serializeRequest(spans),
    JsonTraceSerializer.serializeRequest(spans),
  );
  const [row, exception] = rows;
  const context = span.spanContext();
  assert.equal(row?.kind, 'span');
  assert.equal(row?.trace, context.traceId);
  assert.equal(row?.span, context.spanId);
  assert.equal(row?.duration, 1_000_000_002n);
  assert.equal(row?.severity, 17);
  assert.equal(row?.body, 'POST /pay');
  const attributes = JSON.parse(row?.attributes ?? '');
  assert.equal(attributes['span.kind'], 'client');
  assert.equal(attributes['otel.status_code'], 'ERROR');
  assert.equal(attributes['otel.status_description'], 'bad gateway');
  assert.equal(attributes['otel.span.links'][0].traceId, traceId);
  assert.equal(exception?.kind, 'event');
  assert.equal(exception?.eventName, 'exception');
  assert.equal(exception?.span, context.spanId);
  assert.equal(exception?.severity, 17);
  assert.equal(JSON.parse(exception?.attributes ?? '')['exception.message'], 'upstream is gone');
});

test('reads what the OpenTelemetry SDK writes of metrics', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 });
  const meter = new MeterProvider({ resource, readers: [reader] }).getMeter('shop');
  meter.createCounter('orders', { unit: '{order}' }).add(3, { outcome: 'ok' });
  meter.createHistogram('latency', { unit: 'ms' }).record(12.5);
  meter.createGauge('queue').record(-4);
  await reader.forceFlush();
  const metrics = exporter.getMetrics().at(-1);
  assert.ok(metrics !== undefined);
  const rows = decodeBoth(
    'metrics',
    ProtobufMetricsSerializer.serializeRequest(metrics),
    JsonMetricsSerializer.serializeRequest(metrics),
  );
  await reader.shutdown();
  const byName = new Map(
    rows.map(({ attributes }) => {
      const parsed: Record<string, unknown> = JSON.parse(attributes);
      return [parsed['metric.name'], parsed] as const;
    }),
  );
  assert.deepEqual(
    [byName.get('orders')?.['metric.value'], byName.get('orders')?.['outcome']],
    [3, 'ok'],
  );
  assert.equal(byName.get('orders')?.['metric.temporality'], 'cumulative');
  assert.equal(byName.get('orders')?.['metric.monotonic'], true);
  assert.equal(byName.get('queue')?.['metric.value'], -4);
  const histogram = Object(byName.get('latency')?.['metric.histogram']);
  assert.deepEqual([histogram.count, histogram.sum, histogram.min], [1, 12.5, 12.5]);
  assert.ok(rows.every(({ kind, component }) => kind === 'metric' && component === 'checkout'));
});
