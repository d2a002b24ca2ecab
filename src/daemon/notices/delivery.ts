import { setTimeout as delay } from 'node:timers/promises';
import { BoundedQueue } from '../../base/bounded-queue.ts';
import type { Log } from '../../base/log.ts';
import type { Notice, Notifier } from '../../ports/notifier.ts';

/** Notices waiting for one receiver; when nobody takes them for that long, older ones are stale. */
const QUEUE_MAX = 200;
/** Attempts at one notice: with doubling pauses about four minutes. */
const ATTEMPTS_MAX = 9;
const PAUSE_MS_FIRST = 500;
const ATTEMPT_MS_MAX = 10_000;

/** Brings notices to one notifier, in order, with retries, without ever blocking who sends them. */
export class Delivery {
  readonly #notifier: Notifier;
  readonly #log: Log;
  readonly #queue = new BoundedQueue<Notice>(QUEUE_MAX);
  readonly #stop = new AbortController();
  #work: Promise<void> | undefined;
  #dropped = 0;

  constructor(notifier: Notifier, log: Log) {
    this.#notifier = notifier;
    this.#log = log;
  }

  /** Notices that were given up or did not fit. */
  get dropped(): number {
    return this.#dropped;
  }

  send(notice: Notice): void {
    if (!this.#queue.push(notice)) {
      this.#dropped += 1;
      this.#log.warn('NoticeDropped', { notifier: this.#notifier.kind, waiting: QUEUE_MAX });
      return;
    }
    this.#work ??= this.#deliverAll().finally(() => {
      this.#work = undefined;
    });
  }

  /** Gives up what is still waiting. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#work;
  }

  async #deliverAll(): Promise<void> {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (this.#stop.signal.aborted) return;
      if (!(await this.#deliver(next))) this.#dropped += 1;
    }
  }

  async #deliver(notice: Notice): Promise<boolean> {
    const { kind } = this.#notifier;
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const limit = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(ATTEMPT_MS_MAX)]);
      const told = await this.#notifier.notify(notice, limit);
      if (told.ok) return true;
      this.#log.warn('NoticeSentError', { notifier: kind, code: told.error.code, attempt });
      if (!told.error.entry.retryable) return false;
      const pause = PAUSE_MS_FIRST * 2 ** (attempt - 1);
      await delay(pause, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      if (this.#stop.signal.aborted) return false;
    }
    return false;
  }
}
