import type { Server, Socket } from 'node:net';

/** One open connection. */
interface Connection {
  /** The one below, of TCP. */
  readonly socket: Socket;
  readonly openedAtMs: number;
  /** It must not be used for another request. */
  isOld: boolean;
  /** Requests it serves at the moment. */
  busy: number;
  /** It has served a request. */
  isUsed: boolean;
}

/** What tells monotonic milliseconds. */
interface Uptime {
  uptimeMs(): number;
}

/**
 * The open connections of a server and since when they are open. Beyond the most it holds, a new
 * one takes the place of the one that has waited longest without asking anything, so that nobody
 * can lock the others out by connecting and keeping still.
 */
export class Connections {
  readonly #clock: Uptime;
  readonly #max: number;
  /** By the peer's address and port, in the order in which they were opened. */
  readonly #open = new Map<string, Connection>();

  constructor(clock: Uptime, max: number) {
    this.#clock = clock;
    this.#max = max;
  }

  /** Watches a server's connections. */
  watch(server: Server): void {
    // Also with TLS: one that never ends its handshake takes a place as well.
    server.on('connection', (socket: Socket) => {
      const peer = peerOf(socket);
      if (this.#open.size >= this.#max) this.#makeRoom();
      if (peer === undefined || this.#open.size >= this.#max) {
        socket.destroy();
        return;
      }
      const openedAtMs = this.#clock.uptimeMs();
      const connection = { socket, openedAtMs, isOld: false, busy: 0, isUsed: false };
      this.#open.set(peer, connection);
      socket.once('close', () => {
        if (this.#open.get(peer) === connection) this.#open.delete(peer);
      });
    });
  }

  /** Monotonic milliseconds when a connection was opened; now, for one that is not known. */
  openedAtMs(socket: Socket): number {
    return this.#of(socket)?.openedAtMs ?? this.#clock.uptimeMs();
  }

  /** A request begins; the answer ends it and says whether the connection must be closed. */
  begin(socket: Socket): () => void {
    const connection = this.#of(socket);
    if (connection === undefined) return () => undefined;
    connection.busy += 1;
    connection.isUsed = true;
    return () => {
      connection.busy -= 1;
      if (connection.isOld && connection.busy === 0) socket.end();
    };
  }

  /** Whether the connection must not serve another request. */
  isOld(socket: Socket): boolean {
    return this.#of(socket)?.isOld ?? false;
  }

  /**
   * Closes every connection that is open now: idle ones at once, the others after the answer they
   * are giving. What comes afterwards proves that the daemon can still be reached.
   */
  closeOlder(): void {
    for (const connection of this.#open.values()) {
      connection.isOld = true;
      if (connection.busy === 0) connection.socket.destroy();
    }
  }

  #of(socket: Socket): Connection | undefined {
    const peer = peerOf(socket);
    return peer === undefined ? undefined : this.#open.get(peer);
  }

  /** Ends the oldest one that never asked anything, else the oldest that does not at the moment. */
  #makeRoom(): void {
    let idle: readonly [string, Connection] | undefined;
    for (const entry of this.#open) {
      if (entry[1].busy > 0) continue;
      idle ??= entry;
      if (entry[1].isUsed) continue;
      idle = entry;
      break;
    }
    if (idle === undefined) return;
    this.#open.delete(idle[0]);
    idle[1].socket.destroy();
  }
}

/** A connection over TLS and the one below it have the same peer. */
function peerOf({ remoteAddress, remotePort }: Socket): string | undefined {
  return remotePort === undefined ? undefined : `${remoteAddress ?? ''} ${remotePort}`;
}
