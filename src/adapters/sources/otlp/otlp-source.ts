import { messageOf } from '../../../base/error.ts';
import { ok, type Result } from '../../../base/result.ts';
import type { ExportDecoder } from '../../../ports/export-decoder.ts';
import type { RunningSource, Source, SourceContext } from '../../../ports/source.ts';
import { newGrpcListener } from './grpc-listener.ts';
import { newHttpListener } from './http-listener.ts';
import { InFlight } from './in-flight.ts';
import { bindListener, printAddress, type ListenerTls } from './listener.ts';
import { otlpSpecSchema, type OtlpSpec } from './otlp-spec.ts';
import type { Authorize, ExportServer } from './receive-export.ts';

/** What the composition root gives. */
export interface OtlpSourceParts {
  /** Makes the decoder of a source; its records carry the source's id. */
  readonly decoderOf: (source: string) => ExportDecoder;
  readonly authorize: Authorize;
  /** The memory of requests, when several sources keep one bound together; else its own. */
  readonly inFlight?: InFlight;
  /** Certificate and key; plain when absent. */
  readonly tls?: ListenerTls | undefined;
}

/**
 * OTLP over HTTP (protobuf and JSON, plain or packed) or over gRPC: logs, traces and metrics. A
 * request is answered with success only when its records are durable.
 */
export function createOtlpSource(parts: OtlpSourceParts): Source<OtlpSpec> {
  const { inFlight = new InFlight() } = parts;
  return {
    kind: 'otlp',
    specSchema: otlpSpecSchema,
    start: (spec, context) => startListener(parts, inFlight, spec, context),
  };
}

async function startListener(
  parts: OtlpSourceParts,
  inFlight: InFlight,
  spec: OtlpSpec,
  context: SourceContext,
): Promise<Result<RunningSource>> {
  const exports: ExportServer = {
    context,
    decoder: parts.decoderOf(context.id),
    authorize: parts.authorize,
    limits: spec.limits,
    inFlight,
  };
  const newListener = spec.transport === 'grpc' ? newGrpcListener : newHttpListener;
  const listener = newListener(exports, parts.tls);
  // A listener that cannot accept for want of descriptors goes on when there are some again.
  listener.server.on('error', (error) => {
    context.log.warn('OtlpListenerFailedError', { error: messageOf(error) });
  });
  const bound = await bindListener(listener.server, spec);
  if (!bound.ok) return bound;
  const scheme = parts.tls === undefined ? 'http' : 'https';
  const target = `${scheme}://${printAddress(spec.address)}:${bound.value}`;
  context.log.info('OtlpListenerStarted', { source: context.id, target });
  let state: 'running' | 'off' = 'running';
  return ok({
    status: () => ({ state, target }),
    async stop() {
      state = 'off';
      await listener.stop();
    },
  });
}
