import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { messageOf } from '../../../base/error.ts';
import { ok, type Result } from '../../../base/result.ts';
import { fromUtf8 } from '../../../base/bytes.ts';
import type { MessageOrigin, MessageReader } from '../../../ports/normalizer.ts';
import type { RunningSource, SourceContext } from '../../../ports/source.ts';
import { kernelDrops } from './kernel-drops.ts';
import { listenFailure } from './listen-failure.ts';
import {
  plainAddress,
  printPlace,
  strangerReason,
  type SyslogSourceParts,
} from './listener-parts.ts';
import { listenerState, LOST_WHY } from './listener-state.ts';
import { PendingRecords } from './pending-records.ts';
import { isShed } from './shed-policy.ts';
import type { SyslogSpec } from './syslog-spec.ts';

/** Enough of a refused datagram to recognize it by. */
const REFUSED_BYTES = 256;

const SHED_WHY =
  'datagrams came faster than they could be stored and were shed, informational ones first; ' +
  'send over TCP, which waits';

const DROPPED_WHY =
  'the kernel dropped datagrams because the receive buffer was full; raise net.core.rmem_max, or ' +
  'send over TCP, which waits';

/** Syslog over UDP (RFC 5426): a datagram is a message. */
export async function startUdpListener(
  parts: SyslogSourceParts,
  spec: SyslogSpec,
  context: SourceContext,
): Promise<Result<RunningSource>> {
  const socket = createSocket(isIPv6(spec.address) ? 'udp6' : 'udp4');
  const bound = await bind(socket, spec);
  if (!bound.ok) return bound;
  const listener = new UdpListener(parts, spec, context, socket);
  context.log.info('SyslogListenerStarted', {
    source: context.id,
    target: listener.status().target,
    receiveBytes: enlarge(socket, spec.limits.receiveBytes),
  });
  return ok({ status: () => listener.status(), stop: () => listener.stop() });
}

class UdpListener {
  readonly #parts: SyslogSourceParts;
  readonly #context: SourceContext;
  readonly #target: string;
  #isOff = false;
  readonly #pending: PendingRecords;
  readonly #reader: MessageReader;
  readonly #socket: Socket;
  readonly #address: string;
  readonly #port: number;
  /** Of the last datagram: most follow one of the same sender. */
  #origin: MessageOrigin | undefined;
  #originAddress: string | undefined;
  #dropped = 0;
  #stopped: Promise<void> | undefined;

  constructor(parts: SyslogSourceParts, spec: SyslogSpec, context: SourceContext, socket: Socket) {
    const { address, port } = socket.address();
    this.#parts = parts;
    this.#context = context;
    this.#target = `udp://${printPlace(spec.address, port)}`;
    this.#socket = socket;
    this.#address = address;
    this.#port = port;
    this.#reader = parts.readerOf(context.id, (reject) => context.reject(reject));
    this.#pending = new PendingRecords(context, spec.limits.pendingBytesMax, {
      reject: (reject) => context.reject(reject),
      lost: (rows) => context.shed(rows, LOST_WHY),
      roomy: () => undefined,
    });
    socket.on('message', (datagram, from) => this.#take(datagram, from));
    // An unreachable peer or a want of memory concerns one datagram; the socket goes on.
    socket.on('error', (error) => {
      context.log.warn('SyslogReceiveError', { source: context.id, error: messageOf(error) });
    });
  }

  #take(datagram: Buffer, { address }: RemoteInfo): void {
    if (address !== this.#originAddress) {
      this.#originAddress = address;
      this.#origin = this.#parts.originOf(plainAddress(address));
    }
    const origin = this.#origin;
    if (origin === undefined) {
      const input = fromUtf8(datagram.subarray(0, REFUSED_BYTES));
      this.#context.reject({ reason: strangerReason(plainAddress(address)), input });
      return;
    }
    if (isShed(datagram, this.#pending.fill)) {
      this.#context.shed(1, SHED_WHY);
      return;
    }
    this.#pending.add(origin.address, datagram.length, (into, observedNs) =>
      this.#reader.add(datagram, origin, observedNs, into),
    );
  }

  status() {
    if (!this.#isOff) this.#countDrops();
    return listenerState(this.#target, this.#isOff, this.#pending);
  }

  #countDrops(): void {
    const dropped = kernelDrops(this.#address, this.#port);
    this.#context.shed(Math.max(0, dropped - this.#dropped), DROPPED_WHY);
    this.#dropped = Math.max(dropped, this.#dropped);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #end(): Promise<void> {
    this.#countDrops();
    this.#isOff = true;
    await new Promise<void>((resolve) => {
      this.#socket.close(() => resolve());
    });
    await this.#pending.drain();
  }
}

function bind(socket: Socket, spec: SyslogSpec): Promise<Result<void>> {
  return new Promise((resolve) => {
    const refuse = (error: Error): void => {
      socket.close();
      resolve(listenFailure('syslog over UDP', spec, error));
    };
    socket.once('error', refuse);
    socket.bind({ address: spec.address, port: spec.port, exclusive: true }, () => {
      socket.off('error', refuse);
      resolve(ok(undefined));
    });
  });
}

/** Asks for a larger receive buffer and answers what there is now; bursts fit in it. */
function enlarge(socket: Socket, bytes: number): number {
  try {
    socket.setRecvBufferSize(bytes);
  } catch {
    // What the system gave by itself must do.
  }
  return socket.getRecvBufferSize();
}
