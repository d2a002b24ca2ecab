import type { FastifyReply, FastifyRequest } from 'fastify';
import { toRfc3339 } from '../../base/time.ts';
import { isAllowed, type Principal } from '../../model/access/principal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StreamEvent } from '../contract.ts';

/** Listeners at a time: each browser tab is one. */
const STREAMS_MAX = 200;

/** Bytes that may wait for a slow listener; beyond, events are dropped and a gap is told. */
const WAITING_BYTES_MAX = 1024 * 1024;

/** A comment this often keeps proxies and listeners from taking silence for death. */
const HEARTBEAT_MS = 15_000;

/** What the streams stand on. */
export interface EventStreamsOptions {
  readonly clock: Clock;
  readonly listen: (hear: (event: StreamEvent) => void) => () => void;
}

/** The open `GET stream` answers: server-sent events (HTML Living Standard, section 9.2). */
export class EventStreams {
  readonly #options: EventStreamsOptions;
  readonly #open = new Set<() => void>();

  constructor(options: EventStreamsOptions) {
    this.#options = options;
  }

  /** Whether one more listener fits. */
  get hasRoom(): boolean {
    return this.#open.size < STREAMS_MAX;
  }

  /** Turns a request into a stream that lasts until either side ends it. */
  start(request: FastifyRequest, reply: FastifyReply, principal: Principal): void {
    const { clock, listen } = this.#options;
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    raw.write('retry: 1000\n\n');
    let missed = 0;
    const send = (event: StreamEvent): boolean => {
      if (raw.writableLength > WAITING_BYTES_MAX) return false;
      raw.write(`event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
      return true;
    };
    const stopListening = listen((event) => {
      if (!maySee(principal, event)) return;
      if (missed > 0 && send({ kind: 'gap', at: toRfc3339(clock.now()), missed })) missed = 0;
      if (missed > 0 || !send(event)) missed += 1;
    });
    let stopTimer = (): void => undefined;
    const beat = (): void => {
      if (raw.writableLength <= WAITING_BYTES_MAX) raw.write(':\n\n');
      stopTimer = clock.after(HEARTBEAT_MS, beat);
    };
    stopTimer = clock.after(HEARTBEAT_MS, beat);
    const end = (): void => void raw.end();
    this.#open.add(end);
    request.raw.socket.setTimeout(0);
    raw.once('close', () => {
      stopListening();
      stopTimer();
      this.#open.delete(end);
    });
  }

  /** Ends all streams; their listeners connect anew. */
  endAll(): void {
    for (const end of this.#open) end();
  }
}

/** Events about a component are for those whose scope holds it. */
function maySee(principal: Principal, event: StreamEvent): boolean {
  return event.kind !== 'signal' || isAllowed(principal, 'read', event.signal.component);
}
