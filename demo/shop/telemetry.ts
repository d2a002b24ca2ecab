import { logs, SeverityNumber, trace } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import type { ShopLayout } from '../../shop/layout.ts';
import { batch, otlpTo, resourceOf, startSignals } from '../../shop/signals.ts';
import type { ServiceIdentity, Signals } from '../../shop/signals.ts';

/** What a service reports with. */
export type Telemetry = Signals & {
  readonly info: (body: string, attributes?: Attributes) => void;
  readonly debug: (body: string, attributes?: Attributes) => void;
  readonly error: (body: string, error: unknown, attributes?: Attributes) => void;
};

/** Starts logs, traces and metrics of one service; its logs leave over OTLP as the others do. */
export function startTelemetry(
  identity: ServiceIdentity,
  layout: Pick<ShopLayout, 'otlpUrl' | 'ports'>,
): Telemetry {
  const exporter = new OTLPLogExporter(otlpTo(layout.otlpUrl, '/v1/logs'));
  const processors = [new BatchLogRecordProcessor({ ...batch, exporter })];
  const lines = new LoggerProvider({ resource: resourceOf(identity), processors });
  logs.setGlobalLoggerProvider(lines);
  const signals = startSignals(identity, layout);
  const logger = logs.getLogger('shop');
  return {
    countOrder: signals.countOrder,
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
    shutdown: async () => {
      await Promise.allSettled([lines.shutdown(), signals.shutdown()]);
    },
  };
}
