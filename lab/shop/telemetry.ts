import { createRequire } from 'node:module';
import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { AmqplibInstrumentation } from '@opentelemetry/instrumentation-amqplib';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino';
import { RedisInstrumentation } from '@opentelemetry/instrumentation-redis';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type * as Pino from 'pino';

/** Signals leave after at most this long: whoever watches the lab should not wait for them. */
const batchDelayMs = 250;
/** Once a second is fine enough to see a fault and cheap. */
const metricIntervalMs = 1_000;
/** An observer that does not answer must never hold the shop back. */
const exportTimeoutMs = 2_000;
/** Some minutes of spans; beyond, the newest are dropped, never memory. */
const queueSpansMax = 8_192;

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
  /** Writes JSON lines with the trace they belong to on standard output. */
  readonly log: Pino.Logger;
  /** Counts one order by its outcome. */
  readonly countOrder: (outcome: string) => void;
  /** Marks the span at hand as failed and writes the error down. */
  readonly fail: (message: string, error: unknown) => void;
  /** Sends what is still queued and stops. */
  readonly shutdown: () => Promise<void>;
};

/**
 * Starts traces and metrics of one service over OTLP/HTTP and hooks its libraries. Call it before
 * any of them is loaded, and load them through `loadHooked`.
 */
export function startTelemetry(identity: ServiceIdentity): Telemetry {
  const providers = startProviders(identity);
  instrument(identity.peers);
  const pino = loadHooked<typeof Pino>('pino');
  const { name, version } = identity;
  const log = pino.pino({ base: { service: name, 'service.version': version, pid: process.pid } });
  const orders = metrics.getMeter('shop').createCounter('shop.orders', {
    description: 'Orders by outcome, as this service saw them',
    unit: '{order}',
  });
  return {
    log,
    countOrder: (outcome) => orders.add(1, { 'shop.outcome': outcome }),
    fail: (message, error) => {
      if (error instanceof Error) trace.getActiveSpan()?.recordException(error);
      log.error({ err: error }, message);
    },
    shutdown: async () => {
      await Promise.allSettled(providers.map((provider) => provider.shutdown()));
    },
  };
}

/**
 * Loads a CommonJS package as `require` does: the hooks of OpenTelemetry see that one for certain,
 * while ES imports would need a loader of their own in every process.
 */
export function loadHooked<Module>(name: string): Module {
  return createRequire(import.meta.url)(name);
}

type Stoppable = { readonly shutdown: () => Promise<void> };

function startProviders({ name, version, otlpUrl }: ServiceIdentity): readonly Stoppable[] {
  const resource = resourceFromAttributes({
    'service.name': name,
    'service.version': version,
    'service.instance.id': `${name}-${process.pid}`,
    'service.namespace': 'shop',
  });
  const to = (path: string) => ({ url: `${otlpUrl}${path}`, timeoutMillis: exportTimeoutMs });
  const traces = new TracerProvider({
    resource,
    spanProcessors: [
      new BatchSpanProcessor({
        scheduledDelayMillis: batchDelayMs,
        exportTimeoutMillis: exportTimeoutMs,
        maxQueueSize: queueSpansMax,
        exporter: new OTLPTraceExporter(to('/v1/traces')),
      }),
    ],
  });
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(to('/v1/metrics')),
    exportIntervalMillis: metricIntervalMs,
    exportTimeoutMillis: metricIntervalMs,
  });
  const meters = new MeterProvider({ resource, readers: [reader] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(traces);
  metrics.setGlobalMeterProvider(meters);
  return [traces, meters];
}

function instrument(peers: ReadonlyMap<number, string>): void {
  registerInstrumentations({
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: (request) => request.url === '/healthz',
        startOutgoingSpanHook: (request) => {
          const peer = peers.get(Number(request.port));
          return peer === undefined ? {} : { 'service.peer.name': peer, 'peer.service': peer };
        },
      }),
      new PgInstrumentation({ requireParentSpan: true }),
      new RedisInstrumentation({ requireParentSpan: true }),
      new AmqplibInstrumentation(),
      // Lines go to a file; sending them as well would tell everything twice.
      new PinoInstrumentation({ disableLogSending: true }),
    ],
  });
  // The hook patches `node:http` when it is next required; an import alone would not do it.
  loadHooked('node:http');
}
