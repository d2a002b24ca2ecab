import { createRequire } from 'node:module';
import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { ShopLayout } from './layout.ts';

/** Signals leave after at most this long: whoever watches a shop should not wait for them. */
const batchDelayMs = 200;
/** Metrics are sums over time; once a second is fine enough to see a fault and cheap. */
const metricIntervalMs = 1_000;
/** An observer that does not answer must never hold the shop back. */
export const exportTimeoutMs = 2_000;
/** Twenty orders a second fill this in minutes; beyond, the newest are dropped, never memory. */
const queueRecordsMax = 8_192;

/** How a queue of records or of spans is sent. */
export const batch = {
  scheduledDelayMillis: batchDelayMs,
  exportTimeoutMillis: exportTimeoutMs,
  maxQueueSize: queueRecordsMax,
} as const;

/** What a service is, as its telemetry names it. */
export type ServiceIdentity = { readonly name: string; readonly version: string };

/** What telemetry every service of a shop has. */
export type Signals = {
  /** Counts one order by its outcome. */
  readonly countOrder: (outcome: string) => void;
  /** Sends what is still queued and stops. */
  readonly shutdown: () => Promise<void>;
};

/** The resource that every signal of a service bears. */
export const resourceOf = ({ name, version }: ServiceIdentity) =>
  resourceFromAttributes({
    'service.name': name,
    'service.version': version,
    'service.instance.id': `${name}-${process.pid}`,
    'service.namespace': 'shop',
  });

/**
 * Starts traces and metrics of one service over OTLP/HTTP with protobuf bodies, and hooks
 * `node:http` and what `others` hook. Call it once, before the first server is made and before what
 * is hooked is loaded.
 */
export function startSignals(
  identity: ServiceIdentity,
  { otlpUrl, ports }: Pick<ShopLayout, 'otlpUrl' | 'ports'>,
  others: readonly Instrumentation[] = [],
): Signals {
  const resource = resourceOf(identity);
  const exporter = new OTLPTraceExporter(otlpTo(otlpUrl, '/v1/traces'));
  const spanProcessors = [new BatchSpanProcessor({ ...batch, exporter })];
  const traces = new TracerProvider({ resource, spanProcessors });
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(otlpTo(otlpUrl, '/v1/metrics')),
    exportIntervalMillis: metricIntervalMs,
    exportTimeoutMillis: metricIntervalMs,
  });
  const meters = new MeterProvider({ resource, readers: [reader] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(traces);
  metrics.setGlobalMeterProvider(meters);
  registerInstrumentations({ instrumentations: [hookHttp(ports), ...others] });
  // The hook patches `node:http` when it is next required; an ESM import alone would not do it.
  createRequire(import.meta.url)('node:http');
  const orders = metrics.getMeter('shop').createCounter('shop.orders', {
    description: 'Orders by outcome, as this service saw them',
    unit: '{order}',
  });
  return {
    countOrder: (outcome) => orders.add(1, { 'shop.outcome': outcome }),
    shutdown: async () => {
      await Promise.allSettled([traces.shutdown(), meters.shutdown()]);
    },
  };
}

/** Where an exporter sends its signal. */
export const otlpTo = (otlpUrl: string, path: string) => ({
  url: `${otlpUrl}${path}`,
  timeoutMillis: exportTimeoutMs,
});

/** A client span names whom it called by the port, which is all that a call on 127.0.0.1 has. */
function hookHttp(ports: ShopLayout['ports']): Instrumentation {
  const peers = new Map(Object.entries(ports).map(([peer, port]) => [port, peer]));
  return new HttpInstrumentation({
    ignoreIncomingRequestHook: (request) => request.url === '/healthz',
    startOutgoingSpanHook: (request) => {
      const peer = peers.get(Number(request.port));
      return peer === undefined ? {} : { 'service.peer.name': peer, 'peer.service': peer };
    },
  });
}
