import type { Socket } from 'node:net';
import type { Reject } from '../../../model/record/timeline-record.ts';
import type { MessageOrigin, MessageStream } from '../../../ports/normalizer.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { PendingRecords } from './pending-records.ts';
import { PIECE_BYTES } from './syslog-limits.ts';
import type { SyslogLimits } from './syslog-spec.ts';

/** What a connection shares with the others of its listener. */
export interface ConnectionWorld {
  readonly pending: PendingRecords;
  readonly limits: SyslogLimits;
  readonly clock: Clock;
  readonly reject: (reject: Reject) => void;
  readonly closed: (connection: TcpConnection) => void;
}

/** One sender's connection: reads while there is room, and stops reading while there is none. */
export class TcpConnection {
  readonly #socket: Socket;
  readonly #origin: MessageOrigin;
  readonly #stream: MessageStream;
  readonly #world: ConnectionWorld;
  #unread: Buffer = Buffer.alloc(0);
  #isWaiting = false;
  #isClosed = false;
  #tellGone: () => void = () => undefined;
  /** Resolves once the socket is gone and its `close` was heard. */
  readonly gone: Promise<void>;
  #byteAtMs: number;
  #messageAtMs: number | undefined;

  constructor(
    socket: Socket,
    origin: MessageOrigin,
    stream: MessageStream,
    world: ConnectionWorld,
  ) {
    this.#socket = socket;
    this.#origin = origin;
    this.#stream = stream;
    this.#world = world;
    this.gone = new Promise((resolve) => {
      this.#tellGone = resolve;
    });
    this.#byteAtMs = world.clock.uptimeMs();
    socket.on('data', (bytes: Buffer) => {
      this.#byteAtMs = world.clock.uptimeMs();
      this.#unread = this.#unread.length === 0 ? bytes : Buffer.concat([this.#unread, bytes]);
      this.#read();
    });
    // A sender that breaks off mid-way is no fault of ours; what it sent is taken at the close.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#close());
  }

  /** Closed, and everything it brought is read. */
  get isOver(): boolean {
    return this.#isClosed && !this.#isWaiting;
  }

  /** Bytes that were received and not read. */
  get unreadBytes(): number {
    return this.#unread.length;
  }

  /** There is room again. */
  goOn(): void {
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    const nowMs = this.#world.clock.uptimeMs();
    this.#byteAtMs = nowMs;
    if (this.#messageAtMs !== undefined) this.#messageAtMs = nowMs;
    this.#read();
    if (this.#isWaiting) return;
    if (this.#isClosed) this.#finish();
    else this.#socket.resume();
  }

  /** Gives up a connection that is silent for too long or takes too long over a message. */
  sweep(nowMs: number): void {
    if (this.#isWaiting || this.#isClosed) return;
    const { limits, reject } = this.#world;
    const { address } = this.#origin;
    const isSlow =
      this.#messageAtMs !== undefined && nowMs - this.#messageAtMs > limits.messageTimeoutMs;
    if (isSlow) {
      const reason = `${address} left a message unfinished for ${limits.messageTimeoutMs} ms`;
      reject({ reason: `${reason}; what came is stored, the connection closed`, input: '' });
    }
    if (isSlow || nowMs - this.#byteAtMs > limits.idleTimeoutMs) this.#socket.destroy();
  }

  /** Says farewell: the sender notices, and may still finish what it is writing. */
  farewell(): void {
    this.#socket.end();
  }

  #read(): void {
    const { pending, clock } = this.#world;
    const takenBefore = this.#stream.taken;
    while (this.#unread.length > 0 && !pending.isFull) {
      const piece = this.#unread.subarray(0, PIECE_BYTES);
      this.#unread = this.#unread.subarray(piece.length);
      this.#take(piece);
    }
    if (this.#unread.length > 0) {
      this.#isWaiting = true;
      this.#socket.pause();
    }
    const isSame = this.#stream.taken === takenBefore;
    if (!this.#stream.isInside) this.#messageAtMs = undefined;
    else if (!isSame || this.#messageAtMs === undefined) this.#messageAtMs = clock.uptimeMs();
  }

  #take(piece: Buffer): void {
    this.#world.pending.add(this.#origin.address, piece.length, (into, observedNs) =>
      this.#stream.push(piece, observedNs, into),
    );
  }

  /** The socket is gone; what it brought and is not read yet still waits for room. */
  #close(): void {
    this.#isClosed = true;
    if (!this.#isWaiting) this.#finish();
    this.#tellGone();
  }

  #finish(): void {
    const { pending, closed } = this.#world;
    pending.add(this.#origin.address, 0, (into, observedNs) => this.#stream.end(observedNs, into));
    closed(this);
  }
}
