import type { Socket } from 'node:net';
import type { SyslogLimits } from './syslog-spec.ts';

/** The open sockets of a listener, handshakes included, counted together and by sender. */
export class OpenSockets {
  readonly #limits: SyslogLimits;
  readonly #sockets = new Set<Socket>();
  readonly #bySender = new Map<string, number>();

  constructor(limits: SyslogLimits) {
    this.#limits = limits;
  }

  /** Counts a socket until it closes; answers why there is no room for it. */
  enter(socket: Socket, address: string): string | undefined {
    const { connectionsMax, connectionsPerSenderMax } = this.#limits;
    const ofSender = this.#bySender.get(address) ?? 0;
    if (this.#sockets.size >= connectionsMax) {
      return `the connection of ${address} was refused: ${connectionsMax} are open`;
    }
    if (ofSender >= connectionsPerSenderMax) {
      return `the connection of ${address} was refused: it has ${connectionsPerSenderMax} open`;
    }
    this.#sockets.add(socket);
    this.#bySender.set(address, ofSender + 1);
    socket.once('close', () => this.#leave(socket, address));
    return undefined;
  }

  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #leave(socket: Socket, address: string): void {
    this.#sockets.delete(socket);
    const left = (this.#bySender.get(address) ?? 1) - 1;
    if (left > 0) this.#bySender.set(address, left);
    else this.#bySender.delete(address);
  }
}
