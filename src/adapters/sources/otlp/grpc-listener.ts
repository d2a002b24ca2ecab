import {
  createSecureServer,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import { Connections } from '../../../base/connections.ts';
import { messageOf } from '../../../base/error.ts';
import type { SourceContext } from '../../../ports/source.ts';
import { answer, serveCall } from './grpc-call.ts';
import { GRPC_STATUS } from './grpc-reply.ts';
import { watchSession } from './grpc-session.ts';
import { settle, type Listener, type ListenerTls } from './listener.ts';
import type { ExportServer } from './receive-export.ts';

/** Metadata of a call: a token and a few names are under 2 KiB. */
const HEADER_BYTES_MAX = 16 * 1024;

/**
 * A listener for OTLP/gRPC, not yet bound. It serves unary calls on Node's HTTP/2, because only so
 * do the bytes of a message count, and end, while they arrive: see docs/decisions/0012.
 */
export function newGrpcListener(exports: ExportServer, tls: ListenerTls | undefined): Listener {
  const { context, limits } = exports;
  const sessions = new Set<ServerHttp2Session>();
  const sockets = new Set<Socket>();
  const options = {
    settings: {
      maxConcurrentStreams: limits.streamsMax,
      maxHeaderListSize: HEADER_BYTES_MAX,
      enablePush: false,
    },
  };
  const server =
    tls === undefined
      ? createServer(options)
      : createSecureServer({ ...tls, ...options, handshakeTimeout: limits.headersTimeoutMs });
  const connections = new Connections(context.clock, limits.connectionsMax);
  connections.watch(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    watchSession(session, context, limits);
  });
  // What a stranger sends that is no HTTP/2 ends its connection and nothing else.
  server.on('sessionError', () => undefined);
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', () => undefined);
    const { session } = stream;
    if (session !== undefined) stream.once('close', connections.begin(session.socket));
    void serveCall(exports, stream, headers).catch((error: unknown) => {
      fail(context, error, stream);
    });
  });
  return {
    server,
    async stop() {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      // Tells senders to call no more; a session closes when its last answer has left.
      for (const session of sessions) session.close();
      await settle(new Set([closed]), context);
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A throw is our bug: the sender is told so, the log gets the words. */
function fail(context: SourceContext, error: unknown, stream: ServerHttp2Stream): void {
  context.log.error('OtlpRequestServeError', { source: context.id, error: messageOf(error) });
  const message = 'LG_RUNTIME_BUG: the request could not be served';
  answer(stream, { status: GRPC_STATUS.internal, message });
}
