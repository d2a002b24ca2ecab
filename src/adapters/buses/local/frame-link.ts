import type { Duplex } from 'node:stream';
import { messageOf, type LastgoodError } from '../../../base/error.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { FRAME_BYTES_MAX, frameOf, FrameReader } from './frame-reader.ts';

/** Bytes that may wait for a slow peer: two of the largest messages, then nothing more is taken. */
const WAITING_BYTES_MAX = 2 * FRAME_BYTES_MAX;

/** Frames over a stream, until it ends, breaks or brings something that is no frame. */
export class FrameLink {
  /** Resolves once, when nothing comes any more: with an error unless the stream simply ended. */
  readonly closed: Promise<LastgoodError | undefined>;
  readonly #stream: Duplex;
  readonly #settle: (failure: LastgoodError | undefined) => void;
  #failure: LastgoodError | undefined;

  constructor(stream: Duplex, receive: (message: Uint8Array) => void) {
    const reader = new FrameReader();
    const { promise, resolve } = Promise.withResolvers<LastgoodError | undefined>();
    this.closed = promise;
    this.#settle = resolve;
    this.#stream = stream;
    stream.on('data', (bytes: Uint8Array) => {
      if (this.#failure !== undefined) return;
      try {
        for (const message of reader.push(bytes)) receive(message);
      } catch (cause) {
        if (!(cause instanceof RangeError)) throw cause;
        this.fail(lgError('LG_RUNTIME_MESSAGE_INVALID', messageOf(cause), cause));
      }
    });
    stream.once('end', () => {
      if (!reader.isBetweenMessages) {
        this.fail(lgError('LG_RUNTIME_MESSAGE_INVALID', 'the peer ended within a message'));
      }
      stream.end();
    });
    // A broken pipe is how a dead peer looks; it ends the link as an orderly end does.
    stream.on('error', () => undefined);
    stream.once('close', () => this.#settle(this.#failure));
  }

  /** Sends a message; false when it is too large or the peer is too slow or gone. */
  send(message: Uint8Array): boolean {
    if (message.length > FRAME_BYTES_MAX || !this.#stream.writable) return false;
    if (this.#stream.writableLength > WAITING_BYTES_MAX) return false;
    this.#stream.write(frameOf(message));
    return true;
  }

  /** Gives the link up because of what the peer sent. */
  fail(failure: LastgoodError): void {
    this.#failure ??= failure;
    this.#stream.destroy();
  }

  /** Ends the link after what was sent; idempotent. */
  close(): void {
    if (!this.#stream.writableEnded) this.#stream.end();
  }
}
