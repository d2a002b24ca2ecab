import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { messageOf, systemCode } from '../../../base/error.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { toRfc3339 } from '../../../base/time.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { ExportDecoder } from '../../../ports/export-decoder.ts';
import type { RunningSource, Source, SourceContext } from '../../../ports/source.ts';
import { refusalReply } from './export-reply.ts';
import { InFlight } from './in-flight.ts';
import { otlpSpecSchema, type OtlpSpec } from './otlp-spec.ts';
import { serveExport, type Authorize, type ExportServer } from './serve-export.ts';

/** What the composition root gives. */
export interface OtlpSourceParts {
  /** Makes the decoder of a source; its records carry the source's id. */
  readonly decoderOf: (source: string) => ExportDecoder;
  readonly authorize: Authorize;
  /** Certificate, key and client authority; plain HTTP when absent. */
  readonly tls?: ServerOptions | undefined;
}

/** How long requests may take to finish once we stop; the daemon has ten seconds in all. */
const DRAIN_MS = 5_000;

/** How often Node looks for requests beyond their timeouts. */
const TIMEOUT_CHECK_MS = 1_000;

/** Exporters send every few seconds; a longer silence frees the connection. */
const KEEP_ALIVE_MS = 60_000;

/**
 * OTLP over HTTP: logs, traces and metrics, protobuf and JSON, plain or packed. A request is
 * answered with 200 only when its records are durable.
 */
export function createOtlpSource(parts: OtlpSourceParts): Source<OtlpSpec> {
  return {
    kind: 'otlp',
    specSchema: otlpSpecSchema,
    start: (spec, context) => startListener(parts, spec, context),
  };
}

async function startListener(
  parts: OtlpSourceParts,
  spec: OtlpSpec,
  context: SourceContext,
): Promise<Result<RunningSource>> {
  const counts = { records: 0, rejects: 0, lastRecordAt: undefined as string | undefined };
  const counted: SourceContext = {
    ...context,
    reject(reject) {
      counts.rejects += 1;
      context.reject(reject);
    },
  };
  const exportServer: ExportServer = {
    context: counted,
    decoder: parts.decoderOf(context.id),
    authorize: parts.authorize,
    limits: spec.limits,
    inFlight: new InFlight(spec.limits.inFlightBytesMax),
    delivered(rows) {
      counts.records += rows;
      counts.lastRecordAt = toRfc3339(context.clock.now());
    },
  };
  const listener = newListener(parts, spec, exportServer);
  const bound = await listen(listener.server, spec);
  if (!bound.ok) return bound;
  const scheme = parts.tls === undefined ? 'http' : 'https';
  const target = `${scheme}://${printAddress(spec.address)}:${bound.value}`;
  context.log.info('OtlpListenerStarted', { source: context.id, target });
  let state: 'running' | 'off' = 'running';
  return ok({
    status: () => ({
      id: context.id,
      kind: 'otlp',
      state,
      target,
      records: counts.records,
      rejects: counts.rejects,
      shed: 0,
      ...(counts.lastRecordAt === undefined ? {} : { lastRecordAt: counts.lastRecordAt }),
    }),
    async stop() {
      state = 'off';
      await listener.drain(context);
    },
  });
}

interface Listener {
  readonly server: Server;
  /** Takes no new connection, finishes requests at work, then closes. Idempotent. */
  drain(context: SourceContext): Promise<void>;
}

function newListener(parts: OtlpSourceParts, spec: OtlpSpec, exports: ExportServer): Listener {
  const { limits } = spec;
  const active = new Set<Promise<void>>();
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const work = serveExport(exports, request, response)
      .catch((error: unknown) => fail(exports.context, error, response))
      .finally(() => active.delete(work));
    active.add(work);
  };
  const timeouts = {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: Math.min(TIMEOUT_CHECK_MS, limits.headersTimeoutMs),
  };
  const server =
    parts.tls === undefined
      ? createServer(timeouts, serve)
      : createTlsServer({ ...parts.tls, ...timeouts }, serve);
  server.maxConnections = limits.connectionsMax;
  // A listener that cannot accept for want of descriptors goes on when there are some again.
  server.on('error', (error) => {
    exports.context.log.warn('OtlpListenerFailedError', { error: messageOf(error) });
  });
  return { server, drain: (context) => drain(server, active, context) };
}

async function drain(
  server: Server,
  active: ReadonlySet<Promise<void>>,
  context: SourceContext,
): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  let cancel = (): void => undefined;
  const patience = new Promise<void>((resolve) => {
    cancel = context.clock.after(DRAIN_MS, resolve);
  });
  await Promise.race([Promise.allSettled(active), patience]);
  cancel();
  server.closeAllConnections();
  await closed;
}

/** A throw is our bug: the sender is told to come back, the log gets the words. */
function fail(context: SourceContext, error: unknown, response: ServerResponse): void {
  context.log.error('OtlpRequestServeError', { source: context.id, error: messageOf(error) });
  if (response.headersSent || response.destroyed) return;
  const reply = refusalReply(500, 'LG_RUNTIME_BUG: the request could not be served', 'json');
  response.writeHead(reply.status, { 'Content-Type': reply.contentType });
  response.end(reply.body);
}

function listen(server: Server, spec: OtlpSpec): Promise<Result<number>> {
  const where = `${printAddress(spec.address)}:${spec.port}`;
  return new Promise((resolve) => {
    server.once('error', (error) => {
      const code =
        systemCode(error) === 'EADDRINUSE'
          ? 'LG_RUNTIME_PORT_TAKEN'
          : 'LG_INGEST_SOURCE_UNREADABLE';
      const why = code === 'LG_RUNTIME_PORT_TAKEN' ? '' : `: ${messageOf(error)}`;
      resolve(err(lgError(code, `OTLP/HTTP on ${where}${why}`, error)));
    });
    server.listen({ host: spec.address, port: spec.port }, () => {
      const bound = server.address();
      resolve(ok(typeof bound === 'object' && bound !== null ? bound.port : spec.port));
    });
  });
}

function printAddress(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
