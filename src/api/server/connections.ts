import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../ports/clock.ts';

/** Connections at a time; beyond, new ones are closed at once. Browsers use six each. */
const CONNECTIONS_MAX = 500;

/** The open connections of a server and since when they are open. */
export class Connections {
  readonly #clock: Clock;
  readonly #openedAtMs = new Map<Socket, number>();
  /** Connections that must not be used for another request. */
  readonly #old = new WeakSet<Socket>();
  /** Connections that serve a request at the moment. */
  readonly #busy = new Set<Socket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Watches a server's connections. */
  watch(server: Server): void {
    server.maxConnections = CONNECTIONS_MAX;
    // With TLS this is the secured connection, which is the one that requests name.
    const event = 'setSecureContext' in server ? 'secureConnection' : 'connection';
    server.on(event, (socket: Socket) => {
      this.#openedAtMs.set(socket, this.#clock.uptimeMs());
      socket.once('close', () => {
        this.#openedAtMs.delete(socket);
        this.#busy.delete(socket);
      });
    });
  }

  /** Monotonic milliseconds when a connection was opened; now, for one that is not known. */
  openedAtMs(socket: Socket): number {
    return this.#openedAtMs.get(socket) ?? this.#clock.uptimeMs();
  }

  /** A request begins; the answer ends it and says whether the connection must be closed. */
  begin(socket: Socket): () => void {
    this.#busy.add(socket);
    return () => {
      this.#busy.delete(socket);
      if (this.#old.has(socket)) socket.end();
    };
  }

  /** Whether the connection must not serve another request. */
  isOld(socket: Socket): boolean {
    return this.#old.has(socket);
  }

  /**
   * Closes every connection that is open now: idle ones at once, the others after the answer they
   * are giving. What comes afterwards proves that the daemon can still be reached.
   */
  closeOlder(): void {
    for (const socket of this.#openedAtMs.keys()) {
      this.#old.add(socket);
      if (!this.#busy.has(socket)) socket.destroy();
    }
  }
}
