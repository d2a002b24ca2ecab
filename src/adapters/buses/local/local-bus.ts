import type { Duplex } from 'node:stream';
import type { Json } from '../../../base/canonical-json.ts';
import { messageOf, LastgoodError } from '../../../base/error.ts';
import type { Log } from '../../../base/log.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import type { ErrorCode } from '../../../model/errors/catalogue.ts';
import { fromMessage, lgError, toMessage } from '../../../model/errors/lg-error.ts';
import type { Bus, Stop } from '../../../ports/bus.ts';
import type { Clock } from '../../../ports/clock.ts';
import { decodeMessage, encodeMessage, type BusMessage } from './bus-message.ts';
import { FrameLink } from './frame-link.ts';
import { FRAME_BYTES_MAX } from './frame-reader.ts';

/** Requests one end may wait for at a time: beyond, the other end is clearly stuck. */
const IN_FLIGHT_MAX = 1000;

/** What a bus stands on. */
export interface LocalBusOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** The code of requests that cannot reach their server; LG_RUNTIME_EVIDENCE_DOWN if absent. */
  readonly downCode?: ErrorCode;
}

/** A peer at the other end of a stream. */
export interface BusLink {
  /** Resolves once the link is over: with an error unless the stream simply ended. */
  readonly closed: Promise<LastgoodError | undefined>;
  /** Ends the link after what was sent; idempotent. */
  close(): void;
}

interface Waiting {
  readonly settle: (result: Result<Json>) => void;
  readonly stopTimer: () => void;
  readonly isRemote: boolean;
}

/**
 * The bus of one machine. By itself it carries messages within a process; `connect` joins it with
 * a peer over a stream (a pipe to a child, a Unix socket). Either way every message is encoded to
 * bytes and decoded. A subject served here is answered here, any other by the peer; what is
 * published is heard by subscribers on both ends. One peer at a time.
 */
export class LocalBus implements Bus {
  readonly #options: LocalBusOptions;
  readonly #servers = new Map<string, (payload: Json) => Promise<Result<Json>>>();
  readonly #subscribers = new Map<string, Set<(payload: Json) => void>>();
  readonly #waiting = new Map<number, Waiting>();
  #link: FrameLink | undefined;
  #nextId = 1;
  #serving = 0;

  constructor(options: LocalBusOptions) {
    this.#options = options;
  }

  request(subject: string, payload: Json, deadlineMs: number): Promise<Result<Json>> {
    const isRemote = !this.#servers.has(subject);
    const link = this.#link;
    if (isRemote && link === undefined) {
      return Promise.resolve(err(this.#down(`nobody answers ${subject}`)));
    }
    if (this.#waiting.size >= IN_FLIGHT_MAX) {
      const seen = `${subject}: ${IN_FLIGHT_MAX} requests wait for an answer already`;
      return Promise.resolve(err(lgError('LG_API_BUSY', seen)));
    }
    const id = this.#nextId;
    this.#nextId += 1;
    // Encoded before anything is kept: a payload that is no JSON throws and leaves no trace.
    const bytes = encodeMessage({ kind: 'request', id, subject, payload });
    if (bytes.length > FRAME_BYTES_MAX) return Promise.resolve(err(tooLarge(subject, bytes)));
    return new Promise((resolve) => {
      const settle = (result: Result<Json>): void => {
        this.#waiting.get(id)?.stopTimer();
        if (this.#waiting.delete(id)) resolve(result);
      };
      const stopTimer = this.#options.clock.after(deadlineMs, () => {
        const seen = `${subject} did not answer within ${deadlineMs} ms`;
        settle(err(lgError('LG_RUNTIME_DEADLINE', seen)));
      });
      this.#waiting.set(id, { settle, stopTimer, isRemote });
      if (!isRemote) this.#deliverLater(bytes);
      else if (link?.send(bytes) === false) {
        settle(err(lgError('LG_API_BUSY', `${subject}: the peer does not take messages`)));
      }
    });
  }

  serve(subject: string, answer: (payload: Json) => Promise<Result<Json>>): Stop {
    if (this.#servers.has(subject)) throw new Error(`broken invariant: ${subject} is served twice`);
    this.#servers.set(subject, answer);
    return () => {
      if (this.#servers.get(subject) === answer) this.#servers.delete(subject);
    };
  }

  publish(subject: string, payload: Json): void {
    const bytes = encodeMessage({ kind: 'news', subject, payload });
    this.#deliverLater(bytes);
    if (this.#link?.send(bytes) === false) {
      this.#options.log.warn('BusNewsDropped', { subject, bytes: bytes.length });
    }
  }

  subscribe(subject: string, hear: (payload: Json) => void): Stop {
    const all = this.#subscribers.get(subject) ?? new Set();
    all.add(hear);
    this.#subscribers.set(subject, all);
    return () => void all.delete(hear);
  }

  /** Joins the peer at the other end of a stream. Throws when there is a peer already. */
  connect(stream: Duplex): BusLink {
    if (this.#link !== undefined) throw new Error('broken invariant: the bus has a peer already');
    const link = new FrameLink(stream, (bytes) => this.#receive(bytes, link));
    this.#link = link;
    const closed = link.closed.then((failure) => {
      this.#link = undefined;
      const error = failure ?? this.#down('the peer ended');
      for (const waiting of this.#waiting.values()) {
        if (waiting.isRemote) waiting.settle(err(error));
      }
      return failure;
    });
    return { closed, close: () => link.close() };
  }

  /** Within the process messages arrive as late as over a stream: never before the call returns. */
  #deliverLater(bytes: Uint8Array): void {
    queueMicrotask(() => this.#receive(bytes, undefined));
  }

  #receive(bytes: Uint8Array, from: FrameLink | undefined): void {
    const message = decodeMessage(bytes);
    if (message === undefined) {
      const seen = `${bytes.length} bytes that are no message of the bus`;
      from?.fail(lgError('LG_RUNTIME_MESSAGE_INVALID', seen));
      return;
    }
    if (message.kind === 'news') this.#hear(message.subject, message.payload);
    else if (message.kind === 'request') void this.#answer(message, from);
    else if (message.kind === 'answer') this.#waiting.get(message.id)?.settle(ok(message.value));
    else this.#waiting.get(message.id)?.settle(err(fromMessage(message.error)));
  }

  #hear(subject: string, payload: Json): void {
    for (const hear of this.#subscribers.get(subject) ?? []) {
      try {
        hear(payload);
      } catch (error) {
        this.#options.log.error('BusSubscriberError', { subject, error: messageOf(error) });
      }
    }
  }

  async #answer(
    { id, subject, payload }: Extract<BusMessage, { kind: 'request' }>,
    from: FrameLink | undefined,
  ): Promise<void> {
    const result = await this.#ask(subject, payload);
    let bytes: Uint8Array;
    try {
      bytes = encodeMessage(
        result.ok
          ? { kind: 'answer', id, value: result.value }
          : { kind: 'failure', id, error: toMessage(result.error) },
      );
      if (bytes.length > FRAME_BYTES_MAX) bytes = encodeFailure(id, tooLarge(subject, bytes));
    } catch (cause) {
      const seen = `${subject} answered no JSON: ${messageOf(cause)}`;
      bytes = encodeFailure(id, lgError('LG_RUNTIME_BUG', seen, cause));
    }
    if (from === undefined) this.#deliverLater(bytes);
    else if (!from.send(bytes)) {
      this.#options.log.warn('BusAnswerDropped', { subject, bytes: bytes.length });
    }
  }

  async #ask(subject: string, payload: Json): Promise<Result<Json>> {
    const answer = this.#servers.get(subject);
    if (answer === undefined) return err(this.#down(`nobody answers ${subject}`));
    if (this.#serving >= IN_FLIGHT_MAX) {
      return err(
        lgError('LG_API_BUSY', `${subject}: ${IN_FLIGHT_MAX} requests are being answered`),
      );
    }
    this.#serving += 1;
    try {
      return await answer(payload);
    } catch (cause) {
      this.#options.log.error('BusServerError', { subject, error: messageOf(cause) });
      if (cause instanceof LastgoodError) return err(cause);
      return err(lgError('LG_RUNTIME_BUG', `${subject} failed: ${messageOf(cause)}`, cause));
    } finally {
      this.#serving -= 1;
    }
  }

  #down(detail: string): LastgoodError {
    return lgError(this.#options.downCode ?? 'LG_RUNTIME_EVIDENCE_DOWN', detail);
  }
}

function encodeFailure(id: number, error: LastgoodError): Uint8Array {
  return encodeMessage({ kind: 'failure', id, error: toMessage(error) });
}

function tooLarge(subject: string, bytes: Uint8Array): LastgoodError {
  const seen = `a message of ${bytes.length} bytes for ${subject}, limit ${FRAME_BYTES_MAX}`;
  return lgError('LG_API_BODY_TOO_LARGE', seen);
}
