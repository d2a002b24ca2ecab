import { trace } from '@opentelemetry/api';
import { AmqplibInstrumentation } from '@opentelemetry/instrumentation-amqplib';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino';
import { RedisInstrumentation } from '@opentelemetry/instrumentation-redis';
import type * as Pino from 'pino';
import { startSignals } from '../../shop/signals.ts';
import type { ServiceIdentity, Signals } from '../../shop/signals.ts';
import type { LabLayout } from './layout.ts';
import { loadHooked } from './load-hooked.ts';

/** What a service reports with. */
export type Telemetry = Signals & {
  /** Writes JSON lines with the trace they belong to on standard output. */
  readonly log: Pino.Logger;
  readonly info: (message: string) => void;
  /** Marks the span at hand as failed and writes the error down. */
  readonly error: (message: string, error: unknown) => void;
};

/**
 * Starts traces, metrics and the log of one service and hooks its libraries. Call it before any of
 * them is loaded, and load them through `loadHooked`.
 */
export function startTelemetry(identity: ServiceIdentity, layout: LabLayout): Telemetry {
  const signals = startSignals(identity, layout, [
    new PgInstrumentation({ requireParentSpan: true }),
    new RedisInstrumentation({ requireParentSpan: true }),
    new AmqplibInstrumentation(),
    // Lines go to a file; sending them as well would tell everything twice.
    new PinoInstrumentation({ disableLogSending: true }),
  ]);
  const pino = loadHooked<typeof Pino>('pino');
  const { name, version } = identity;
  const log = pino.pino({ base: { service: name, 'service.version': version, pid: process.pid } });
  return {
    ...signals,
    log,
    info: (message) => log.info(message),
    error: (message, error) => {
      if (error instanceof Error) trace.getActiveSpan()?.recordException(error);
      log.error({ err: error }, message);
    },
  };
}
