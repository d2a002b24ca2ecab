import type { Result } from '../base/result.ts';
import type { BlobHash } from '../model/checkpoint/capture.ts';
import type { ProviderIo } from '../ports/provider.ts';

/** Contents on their way at once: whoever opens them works on while files are written. */
const AHEAD_MAX = 32;

/** … as long as they are no more than this, but for the one that is needed. */
const AHEAD_BYTES_MAX = 8 * 1024 * 1024;

type Content = Promise<Result<Uint8Array>>;

/** One content, and at most so many bytes of it. */
export interface Awaited {
  readonly hash: BlobHash;
  readonly bytes: number;
}

/**
 * Fetches contents a little before they are asked for. They are asked for in the order given, some
 * perhaps not at all; what is asked for beyond it is fetched then.
 */
export class ContentAhead {
  readonly #io: Pick<ProviderIo, 'getBlob'>;
  readonly #order: readonly Awaited[];
  readonly #coming = new Map<number, Content>();
  /** The first that may still be asked for, and the first that was not fetched. */
  #at = 0;
  #fetched = 0;
  #comingBytes = 0;

  constructor(order: readonly Awaited[], io: Pick<ProviderIo, 'getBlob'>) {
    this.#order = order;
    this.#io = io;
  }

  get(hash: BlobHash): Content {
    let index = this.#at;
    while (index < this.#order.length && this.#order[index]?.hash !== hash) index += 1;
    if (index === this.#order.length) return this.#io.getBlob(hash);
    for (; this.#at < index; this.#at += 1) this.#take(this.#at);
    this.#fetched = Math.max(this.#fetched, index);
    const end = Math.min(index + AHEAD_MAX, this.#order.length);
    while (this.#fetched < end && (this.#fetched === index || this.#hasRoom())) this.#fetchNext();
    this.#at = index + 1;
    return this.#take(index) ?? this.#io.getBlob(hash);
  }

  #hasRoom(): boolean {
    return this.#comingBytes + (this.#order[this.#fetched]?.bytes ?? 0) <= AHEAD_BYTES_MAX;
  }

  #fetchNext(): void {
    const next = this.#order[this.#fetched];
    if (next === undefined) return;
    const content = this.#io.getBlob(next.hash);
    // Whoever asks for it hears of it; nobody may ask any more.
    content.catch(() => undefined);
    this.#coming.set(this.#fetched, content);
    this.#comingBytes += next.bytes;
    this.#fetched += 1;
  }

  #take(index: number): Content | undefined {
    const content = this.#coming.get(index);
    if (content !== undefined) this.#comingBytes -= this.#order[index]?.bytes ?? 0;
    this.#coming.delete(index);
    return content;
  }
}
