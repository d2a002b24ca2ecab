import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import Fastify, { type FastifyInstance } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import type { Connections } from '../../base/connections.ts';
import { systemCode } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AuditLog } from '../access/audit-log.ts';
import type { Sessions } from '../access/sessions.ts';
import type { TokenRegister } from '../access/token-register.ts';
import type { ApiBackend } from '../backend.ts';
import { API_ROOT } from '../contract.ts';
import { addCallRoutes, principalOf, requireRead } from './call-routes.ts';
import type { EventStreams } from './event-stream.ts';
import { Gatekeeper } from './gatekeeper.ts';
import { refuseOtherMethods } from './other-methods.ts';
import { addOwnerRoute } from './owner-route.ts';
import { addOpenApi, addOpenApiRoute } from './openapi.ts';
import { errorOf, problemDocument, PROBLEM_TYPE } from './problem.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { addSessionRoutes } from './session-routes.ts';
import { addStaticUi } from './static-ui.ts';
import type { TlsMaterial } from './tls-files.ts';

/** The largest request body: a plan's reason and a thousand alerts fit; nothing else is large. */
const BODY_BYTES_MAX = 1024 * 1024;

/** Browsers' and proxies' headers fit in half of it. */
const HEADER_BYTES_MAX = 16 * 1024;

/** An idle connection is kept for the next request this long. */
const KEEP_ALIVE_MS = 10_000;

/** A client that takes nothing of its answer for this long is let go. */
const STALLED_MS = 60_000;

/** The longest a call may think: a backup of a large data directory. */
const THINKING_MS = 15 * 60_000;

/** How long a client may take. */
export interface Patience {
  /** For the head of a request. */
  readonly headMs: number;
  /** For the whole request. */
  readonly requestMs: number;
  /** How often both are looked at. */
  readonly checkMs: number;
}

/** Nobody on a working line needs longer. */
const PATIENCE: Patience = { headMs: 10_000, requestMs: 30_000, checkMs: 1000 };

/** What the routes stand on. */
export interface AppOptions {
  /** Shorter only in tests. */
  readonly patience?: Patience;
  /** Further names the daemon is called by, `access.hosts`. */
  readonly hosts: readonly string[];
  readonly backend: ApiBackend;
  readonly tokens: TokenRegister;
  readonly sessions: Sessions;
  readonly audit: AuditLog;
  /** The admin token of the data directory, which the command line wants proved. */
  readonly ownerToken?: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** The built UI, `dist/web`. */
  readonly uiFolder?: string | undefined;
  readonly version: string;
}

/** The server with all its routes and limits, not listening yet. */
export async function buildApp(
  options: AppOptions,
  tls: TlsMaterial | undefined,
  connections: Connections,
  streams: EventStreams,
): Promise<FastifyInstance> {
  const { backend, tokens, sessions, audit, clock, log, hosts } = options;
  const app = Fastify({
    serverFactory: (listener) => httpServer(listener, tls, options.patience ?? PATIENCE),
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: HEADER_BYTES_MAX },
    clientErrorHandler: (error, socket) => refuseBytes(error, socket),
    // A path that cannot even be decoded reaches no route and no error handler.
    frameworkErrors: (error, _request, reply) => {
      const problem = problemDocument(errorOf(error));
      reply.hijack();
      reply.raw.writeHead(problem.status, { 'content-type': PROBLEM_TYPE });
      reply.raw.end(JSON.stringify(problem));
    },
  });
  connections.watch(app.server);
  app.setValidatorCompiler(validatorCompiler);
  // Answers are typed by the contract; checking them again would only cost the large ones.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  addErrors(app, log);
  addSecurityHeaders(app, tls !== undefined);
  const gatekeeper = new Gatekeeper({ clock, tokens, sessions, audit, hosts });
  app.addHook('onRequest', async (request, reply) => {
    const { socket } = request.raw;
    socket.setTimeout(THINKING_MS);
    reply.raw.once('close', connections.begin(socket));
    const passed = await gatekeeper.checkBrowser(request);
    if (!passed.ok) throw passed.error;
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    request.raw.socket.setTimeout(STALLED_MS);
    if (connections.isOld(request.raw.socket)) void reply.header('connection', 'close');
    done(null, payload);
  });
  await addOpenApi(app, options.version);
  addCallRoutes(app, { backend, tokens, sessions, audit, gatekeeper, connections, log });
  addSessionRoutes(app, sessions, gatekeeper);
  addStreamRoutes(app, backend, streams, gatekeeper);
  if (options.ownerToken !== undefined) addOwnerRoute(app, options.ownerToken);
  addOpenApiRoute(app);
  refuseOtherMethods(app);
  await addStaticUi(app, options.uiFolder);
  await app.ready();
  return app;
}

function addStreamRoutes(
  app: FastifyInstance,
  backend: ApiBackend,
  streams: EventStreams,
  gatekeeper: Gatekeeper,
): void {
  app.get(
    `${API_ROOT}/stream`,
    {
      exposeHeadRoute: false,
      schema: { operationId: 'stream', summary: 'What changes, as server-sent events.' },
      onRequest: requireRead(gatekeeper, 'stream'),
    },
    (request, reply) => {
      if (!streams.hasRoom) throw lgError('LG_API_BUSY', 'too many streams are open');
      streams.start(request, reply, principalOf(request));
    },
  );
  for (const url of ['/metrics', `${API_ROOT}/metrics`]) {
    app.get(
      url,
      { schema: { hide: true }, onRequest: requireRead(gatekeeper, 'metrics') },
      async (_request, reply) => {
        const text = await backend.metrics();
        return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text);
      },
    );
  }
}

function addErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((thrown, request, reply) => {
    const { body, query, params } = request;
    const error = errorOf(thrown, { body, query, params });
    if (error.code === 'LG_RUNTIME_BUG') {
      const stack = thrown instanceof Error ? thrown.stack : String(thrown);
      log.error('RequestServedError', { method: request.method, path: request.url, stack });
    }
    const problem = problemDocument(error);
    if (error.code === 'LG_ACCESS_TOKEN_MISSING') void reply.header('www-authenticate', 'Bearer');
    if (problem.status === 429) {
      const seconds = /try again in (\d+) s/.exec(error.detail)?.[1];
      void reply.header('retry-after', seconds ?? '1');
    }
    return reply.code(problem.status).type(PROBLEM_TYPE).send(problem);
  });
}

function httpServer(
  listener: RequestListener,
  tls: TlsMaterial | undefined,
  { headMs, requestMs, checkMs }: Patience,
): Server | TlsServer {
  const limits: ServerOptions = {
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: headMs,
    requestTimeout: requestMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: checkMs,
  };
  return tls === undefined
    ? createServer(limits, listener)
    : createTlsServer({ ...limits, ...tls, handshakeTimeout: headMs }, listener);
}

/** Answers bytes that are no HTTP request, or come too slowly, on the bare connection. */
function refuseBytes(error: Error, socket: Duplex): void {
  if (!socket.writable || systemCode(error) === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const isSlow = systemCode(error) === 'ERR_HTTP_REQUEST_TIMEOUT';
  const seen = isSlow
    ? lgError('LG_API_CLIENT_SLOW', 'the request did not arrive completely in time')
    : lgError('LG_API_REQUEST_INVALID', `no HTTP request: ${systemCode(error) ?? 'malformed'}`);
  const problem = problemDocument(seen);
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\ncontent-type: ${PROBLEM_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
