import { createRequire } from 'node:module';
import { context, logs, metrics, propagation, SeverityNumber, trace } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** Signals leave after at most this long: a demonstration should not wait for its telemetry. */
const batchDelayMs = 200;
/** Metrics are sums over time; once a second is fine enough to see a fault and cheap. */
const metricIntervalMs = 1_000;
/** An observer that does not answer must never hold the shop back. */
const exportTimeoutMs = 2_000;
/** Twenty orders a second fill this in minutes; beyond, the newest are dropped, never memory. */
const queueRecordsMax = 8_192;

/** What a service is, as its telemetry names it. */
export type ServiceIdentity = {
  readonly name: string;
  readonly version: string;
  readonly otlpUrl: string;
  /** Which service listens on which port, so that a client span names whom it called. */
  readonly peers: ReadonlyMap<number, string>;
};

/** What a service reports with. */
export type Telemetry = {
  readonly info: (body: string, attributes?: Attributes) => void;
  readonly debug: (body: string, attributes?: Attributes) => void;
  readonly error: (body: string, error: unknown, attributes?: Attributes) => void;
  /** Counts one order by its outcome. */
  readonly countOrder: (outcome: string) => void;
  /** Sends what is still queued, within a bounded time, and stops. */
  readonly shutdown: () => Promise<void>;
};

/**
 * Starts logs, traces and metrics of one service over OTLP/HTTP with protobuf bodies, and hooks
 * `node:http`. Call it once, before the first server is made.
 */
export function startTelemetry(identity: ServiceIdentity): Telemetry {
  const resource = resourceFromAttributes({
    'service.name': identity.name,
    'service.version': identity.version,
    'service.instance.id': `${identity.name}-${process.pid}`,
    'service.namespace': 'shop',
  });
  const providers = startProviders(resource, identity.otlpUrl);
  instrumentHttp(identity.peers);
  const logger = logs.getLogger('shop');
  const orders = metrics.getMeter('shop').createCounter('shop.orders', {
    description: 'Orders by outcome, as this service saw them',
    unit: '{order}',
  });
  return {
    info: (body, attributes = {}) =>
      logger.emit({ severityNumber: SeverityNumber.INFO, severityText: 'INFO', body, attributes }),
    debug: (body, attributes = {}) =>
      logger.emit({
        severityNumber: SeverityNumber.DEBUG,
        severityText: 'DEBUG',
        body,
        attributes,
      }),
    error: (body, error, attributes = {}) => {
      if (error instanceof Error) trace.getActiveSpan()?.recordException(error);
      const severity = { severityNumber: SeverityNumber.ERROR, severityText: 'ERROR' };
      logger.emit({ ...severity, body, attributes, exception: error });
    },
    countOrder: (outcome) => orders.add(1, { 'shop.outcome': outcome }),
    shutdown: async () => {
      await Promise.allSettled(providers.map((provider) => provider.shutdown()));
    },
  };
}

type Stoppable = { readonly shutdown: () => Promise<void> };

function startProviders(
  resource: ReturnType<typeof resourceFromAttributes>,
  otlpUrl: string,
): readonly Stoppable[] {
  const batch = {
    scheduledDelayMillis: batchDelayMs,
    exportTimeoutMillis: exportTimeoutMs,
    maxQueueSize: queueRecordsMax,
  };
  const to = (path: string) => ({ url: `${otlpUrl}${path}`, timeoutMillis: exportTimeoutMs });
  const logExporter = new OTLPLogExporter(to('/v1/logs'));
  const logProvider = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor({ ...batch, exporter: logExporter })],
  });
  const spanExporter = new OTLPTraceExporter(to('/v1/traces'));
  const traceProvider = new TracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor({ ...batch, exporter: spanExporter })],
  });
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(to('/v1/metrics')),
    exportIntervalMillis: metricIntervalMs,
    exportTimeoutMillis: metricIntervalMs,
  });
  const meterProvider = new MeterProvider({ resource, readers: [reader] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  logs.setGlobalLoggerProvider(logProvider);
  trace.setGlobalTracerProvider(traceProvider);
  metrics.setGlobalMeterProvider(meterProvider);
  return [logProvider, traceProvider, meterProvider];
}

function instrumentHttp(peers: ReadonlyMap<number, string>): void {
  registerInstrumentations({
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: (request) => request.url === '/healthz',
        startOutgoingSpanHook: (request) => {
          const peer = peers.get(Number(request.port));
          return peer === undefined ? {} : { 'service.peer.name': peer, 'peer.service': peer };
        },
      }),
    ],
  });
  // The hook patches `node:http` when it is next required; an ESM import alone would not do it.
  createRequire(import.meta.url)('node:http');
}
