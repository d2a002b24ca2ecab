import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { messageOf } from '../../../base/error.ts';
import { ok, type Result } from '../../../base/result.ts';
import type { MessageReader } from '../../../ports/normalizer.ts';
import type { RunningSource, SourceContext } from '../../../ports/source.ts';
import { listenFailure } from './listen-failure.ts';
import {
  plainAddress,
  printPlace,
  strangerReason,
  type SyslogSourceParts,
} from './listener-parts.ts';
import { listenerState, LOST_WHY, UNREAD_WHY } from './listener-state.ts';
import { OpenSockets } from './open-sockets.ts';
import { PendingRecords } from './pending-records.ts';
import { FAREWELL_MS, KEEP_ALIVE_MS, SWEEP_MS } from './syslog-limits.ts';
import type { SyslogSpec } from './syslog-spec.ts';
import { TcpConnection, type ConnectionWorld } from './tcp-connection.ts';

/** Syslog over TCP (RFC 6587, both framings) and over TLS (RFC 5425). */
export async function startTcpListener(
  parts: SyslogSourceParts,
  spec: SyslogSpec,
  context: SourceContext,
): Promise<Result<RunningSource>> {
  const options = { keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };
  const { handshakeTimeoutMs } = spec.limits;
  const server =
    spec.transport === 'tls'
      ? createTlsServer({ ...parts.tls, ...options, handshakeTimeout: handshakeTimeoutMs })
      : createServer(options);
  const bound = await listen(server, spec);
  if (!bound.ok) return bound;
  const listener = new TcpListener(parts, spec, context, server, bound.value);
  context.log.info('SyslogListenerStarted', {
    source: context.id,
    target: listener.status().target,
  });
  return ok({ status: () => listener.status(), stop: () => listener.stop() });
}

class TcpListener {
  readonly #parts: SyslogSourceParts;
  readonly #context: SourceContext;
  readonly #target: string;
  #isOff = false;
  readonly #pending: PendingRecords;
  readonly #reader: MessageReader;
  readonly #server: Server;
  readonly #sockets: OpenSockets;
  readonly #connections = new Set<TcpConnection>();
  readonly #world: ConnectionWorld;
  #cancelSweep: () => void = () => undefined;
  #stopped: Promise<void> | undefined;

  constructor(
    parts: SyslogSourceParts,
    spec: SyslogSpec,
    context: SourceContext,
    server: Server,
    port: number,
  ) {
    const { limits, transport, address } = spec;
    this.#parts = parts;
    this.#context = context;
    this.#target = `${transport}://${printPlace(address, port)}`;
    this.#server = server;
    this.#sockets = new OpenSockets(limits);
    this.#reader = parts.readerOf(context.id, (reject) => context.reject(reject));
    this.#pending = new PendingRecords(context, limits.pendingBytesMax, {
      reject: (reject) => context.reject(reject),
      lost: (rows) => context.shed(rows, LOST_WHY),
      roomy: () => this.#goOn(),
    });
    this.#world = {
      pending: this.#pending,
      limits,
      clock: context.clock,
      reject: (reject) => context.reject(reject),
      closed: (connection) => this.#connections.delete(connection),
    };
    server.on('connection', (socket) => this.#enter(socket));
    server.on(transport === 'tls' ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.#serve(socket);
    });
    server.on('tlsClientError', (error: Error, socket: Socket) => {
      const why = `the TLS handshake of ${socket.remoteAddress ?? 'a sender'} failed`;
      context.reject({ reason: `${why}: ${messageOf(error)}`, input: '' });
      socket.destroy();
    });
    // A listener that cannot accept for want of descriptors goes on when there are some again.
    server.on('error', (error) => {
      context.log.warn('SyslogListenerFailedError', {
        source: context.id,
        error: messageOf(error),
      });
    });
    this.#sweep();
  }

  /** Judges a connection before a byte of it is read. */
  #enter(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress ?? '');
    socket.on('error', () => undefined);
    const isStranger = this.#parts.originOf(address) === undefined;
    const refusal = isStranger ? strangerReason(address) : this.#sockets.enter(socket, address);
    if (refusal === undefined) return;
    this.#context.reject({ reason: refusal, input: '' });
    socket.destroy();
  }

  #serve(socket: Socket): void {
    if (socket.destroyed) return;
    const origin = this.#parts.originOf(plainAddress(socket.remoteAddress ?? ''));
    if (origin === undefined) {
      socket.destroy();
      return;
    }
    const stream = this.#reader.stream(origin);
    this.#connections.add(new TcpConnection(socket, origin, stream, this.#world));
  }

  #goOn(): void {
    for (const connection of [...this.#connections]) {
      if (this.#pending.isFull) return;
      connection.goOn();
      // Who read now waits behind the others next time.
      if (!this.#connections.delete(connection)) continue;
      if (!connection.isOver) this.#connections.add(connection);
    }
  }

  #sweep(): void {
    this.#cancelSweep = this.#context.clock.after(SWEEP_MS, () => {
      const nowMs = this.#context.clock.uptimeMs();
      for (const connection of this.#connections) connection.sweep(nowMs);
      this.#sweep();
    });
  }

  status() {
    return listenerState(this.#target, this.#isOff, this.#pending);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #end(): Promise<void> {
    this.#cancelSweep();
    this.#isOff = true;
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    const connections = [...this.#connections];
    for (const connection of connections) connection.farewell();
    let cancel = (): void => undefined;
    const patience = new Promise<void>((resolve) => {
      cancel = this.#context.clock.after(FAREWELL_MS, resolve);
    });
    await Promise.race([closed, patience]);
    cancel();
    this.#sockets.destroyAll();
    await closed;
    await Promise.all(connections.map(({ gone }) => gone));
    await this.#pending.drain();
    for (const connection of this.#connections) {
      if (connection.unreadBytes > 0) this.#context.shed(1, UNREAD_WHY);
    }
  }
}

function listen(server: Server, spec: SyslogSpec): Promise<Result<number>> {
  const what = spec.transport === 'tls' ? 'syslog over TLS' : 'syslog over TCP';
  return new Promise((resolve) => {
    const refuse = (error: Error): void => resolve(listenFailure(what, spec, error));
    server.once('error', refuse);
    server.listen({ host: spec.address, port: spec.port, exclusive: true }, () => {
      server.off('error', refuse);
      const bound = server.address();
      resolve(ok(typeof bound === 'object' && bound !== null ? bound.port : spec.port));
    });
  });
}
