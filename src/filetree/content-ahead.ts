import type { Result } from '../base/result.ts';
import type { BlobHash } from '../model/checkpoint/capture.ts';
import type { ProviderIo } from '../ports/provider.ts';

/** Contents on their way at once: whoever opens them works on while a file is written. */
const AHEAD_MAX = 5;

type Content = Promise<Result<Uint8Array>>;

/**
 * Fetches contents a little before they are asked for. They are asked for in the order given, some
 * perhaps not at all; what is asked for beyond it is fetched then.
 */
export class ContentAhead {
  readonly #io: Pick<ProviderIo, 'getBlob'>;
  readonly #order: readonly BlobHash[];
  readonly #coming = new Map<number, Content>();
  /** The first that may still be asked for. */
  #at = 0;
  #fetched = 0;

  constructor(order: readonly BlobHash[], io: Pick<ProviderIo, 'getBlob'>) {
    this.#order = order;
    this.#io = io;
  }

  get(hash: BlobHash): Content {
    const index = this.#order.indexOf(hash, this.#at);
    if (index === -1) return this.#io.getBlob(hash);
    for (; this.#at < index; this.#at += 1) this.#coming.delete(this.#at);
    this.#fetched = Math.max(this.#fetched, index);
    const end = Math.min(index + AHEAD_MAX, this.#order.length);
    for (; this.#fetched < end; this.#fetched += 1) this.#fetch(this.#fetched);
    const content = this.#coming.get(index);
    this.#coming.delete(index);
    this.#at = index + 1;
    return content ?? this.#io.getBlob(hash);
  }

  #fetch(index: number): void {
    const hash = this.#order[index];
    if (hash === undefined) return;
    const content = this.#io.getBlob(hash);
    // Whoever asks for it hears of it; nobody may ask any more.
    content.catch(() => undefined);
    this.#coming.set(index, content);
  }
}
