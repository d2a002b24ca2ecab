import { Server as TlsServer } from 'node:https';
import type { FastifyInstance } from 'fastify';
import { Connections } from '../../base/connections.ts';
import { messageOf, systemCode } from '../../base/error.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Principal } from '../../model/access/principal.ts';
import { listenerPolicy } from '../access/listener-policy.ts';
import { peoplesTokens } from '../access/local-admin.ts';
import { signInPath } from '../access/sessions.ts';
import { buildApp, type AppOptions } from './app.ts';
import { EventStreams } from './event-stream.ts';
import { readTlsFiles, type TlsFiles } from './tls-files.ts';

/** What the server stands on. */
export interface ApiServerOptions extends AppOptions {
  readonly listen: { readonly address: string; readonly port: number };
  readonly tls?: TlsFiles | undefined;
}

/** The API and UI, listening. */
export interface ApiServer {
  /** Where it is reached, such as `http://127.0.0.1:7433`. */
  readonly url: string;
  readonly port: number;
  /** A link that signs one browser in as `principal`, once. */
  signInLink(principal: Principal): string;
  /**
   * Closes the connections that are open now, idle ones at once and busy ones after their answer,
   * so that a confirm must come over one opened after a run had applied.
   */
  closeOlderConnections(): void;
  /** Reads certificate and key again; on failure the old ones stay in use. */
  reloadTls(): Result<void>;
  /** Stops listening, ends streams, lets answers finish; idempotent. */
  close(): Promise<void>;
}

/** Connections at a time; browsers use six each. */
const CONNECTIONS_MAX = 500;

/**
 * Starts the API. LG_ACCESS_LISTENER_OPEN, LG_ACCESS_TLS_INVALID and LG_RUNTIME_PORT_TAKEN are
 * expected.
 */
export async function startApiServer(options: ApiServerOptions): Promise<Result<ApiServer>> {
  const { address, port } = options.listen;
  const tokens = peoplesTokens(options.tokens);
  const hasTls = options.tls !== undefined;
  const policy = listenerPolicy({ name: 'ui', address, hasTls, tokens });
  if (!policy.ok) return policy;
  const tls = options.tls === undefined ? undefined : readTlsFiles(options.tls);
  if (tls !== undefined && !tls.ok) return tls;
  const connections = new Connections(options.clock, CONNECTIONS_MAX);
  const streams = new EventStreams({ clock: options.clock, listen: options.backend.listen });
  const app = await buildApp(options, tls?.value, connections, streams);
  try {
    await app.listen({ host: address, port });
  } catch (cause) {
    await app.close();
    const detail = `listen.ui ${address}:${port}: ${messageOf(cause)}`;
    const isTaken = systemCode(cause) === 'EADDRINUSE';
    return err(lgError(isTaken ? 'LG_RUNTIME_PORT_TAKEN' : 'LG_CONFIG_INVALID', detail, cause));
  }
  return ok(runningServer(options, app, connections, streams));
}

function runningServer(
  options: ApiServerOptions,
  app: FastifyInstance,
  connections: Connections,
  streams: EventStreams,
): ApiServer {
  const { address } = options.listen;
  const bound = app.server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : options.listen.port;
  const isWildcard = address === '0.0.0.0' || address === '::';
  const name = isWildcard ? (options.hosts[0] ?? 'localhost') : address;
  const host = name.includes(':') && !name.startsWith('[') ? `[${name}]` : name;
  const url = `${options.tls === undefined ? 'http' : 'https'}://${host}:${port}`;
  let closing: Promise<void> | undefined;
  return {
    url,
    port,
    signInLink: (principal) => url + signInPath(options.sessions.issueCode(principal)),
    closeOlderConnections: () => {
      connections.closeOlder();
      streams.endAll();
    },
    reloadTls: () => {
      if (options.tls === undefined) return ok(undefined);
      const read = readTlsFiles(options.tls);
      if (!read.ok) return read;
      const server: unknown = app.server;
      if (server instanceof TlsServer) server.setSecureContext(read.value);
      return ok(undefined);
    },
    close: () => {
      streams.endAll();
      closing ??= app.close();
      return closing;
    },
  };
}
