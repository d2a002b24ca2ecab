import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { Connections } from '../../../base/connections.ts';
import { messageOf } from '../../../base/error.ts';
import type { SourceContext } from '../../../ports/source.ts';
import { refusalReply } from './export-reply.ts';
import { settle, type Listener, type ListenerTls } from './listener.ts';
import type { ExportServer } from './receive-export.ts';
import { serveExport } from './serve-export.ts';

/** How often Node looks for requests beyond their timeouts. */
const TIMEOUT_CHECK_MS = 1_000;

/** Exporters send every few seconds; a longer silence frees the connection. */
const KEEP_ALIVE_MS = 60_000;

/** A listener for OTLP/HTTP, not yet bound. */
export function newHttpListener(exports: ExportServer, tls: ListenerTls | undefined): Listener {
  const { context, limits } = exports;
  const active = new Set<Promise<void>>();
  const connections = new Connections(context.clock, limits.connectionsMax);
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    response.once('close', connections.begin(request.socket));
    const work = serveExport(exports, request, response)
      .catch((error: unknown) => fail(context, error, response))
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
    tls === undefined
      ? createServer(timeouts, serve)
      : createTlsServer({ ...tls, ...timeouts }, serve);
  connections.watch(server);
  return {
    server,
    async stop() {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeIdleConnections();
      await settle(active, context);
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A throw is our bug: the sender is told to come back, the log gets the words. */
function fail(context: SourceContext, error: unknown, response: ServerResponse): void {
  context.log.error('OtlpRequestServeError', { source: context.id, error: messageOf(error) });
  if (response.headersSent || response.destroyed) return;
  const reply = refusalReply(500, 'LG_RUNTIME_BUG: the request could not be served', 'json');
  response.writeHead(reply.status, { 'Content-Type': reply.contentType });
  response.end(reply.body);
}
