import { messageOf } from '../../../base/error.ts';
import { err, type Result } from '../../../base/result.ts';
import type { TimeNs } from '../../../base/time.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { RecordBatchBuilder, type RecordBatch } from '../../../model/record-batch.ts';
import type { SourceContext } from '../../../ports/source.ts';
import {
  BATCH_BYTES,
  BATCH_ROWS,
  BATCH_WAIT_MS,
  DRAIN_MS,
  PENDING_ROWS_MAX,
  RETRY_FIRST_MS,
  RETRY_MOST_MS,
} from './syslog-limits.ts';

/** What pending records tell their listener. */
export interface PendingHearing {
  /** A batch became durable. */
  readonly delivered: (rows: number) => void;
  /** There is room again after `isFull`. */
  readonly roomy: () => void;
  /** Rows that the store refused for good, or until the source had to end. */
  readonly lost: (rows: number) => void;
}

/**
 * Records between the network and the store: gathered into batches, delivered one after the other
 * in the order in which they came, each until it is durable. Holds `bytesMax` at most, and one more
 * piece of input.
 */
export class PendingRecords {
  readonly #context: SourceContext;
  readonly #bytesMax: number;
  readonly #hearing: PendingHearing;
  #builder = new RecordBatchBuilder();
  #bytes = 0;
  #sender: string | undefined;
  #deliveringBytes = 0;
  #delivery: Promise<void> | undefined;
  #cancelWait: (() => void) | undefined;
  #cancelRetry: () => void = () => undefined;
  #givesUp = false;
  #wasFull = false;
  #problem: string | undefined;

  constructor(context: SourceContext, bytesMax: number, hearing: PendingHearing) {
    this.#context = context;
    this.#bytesMax = bytesMax;
    this.#hearing = hearing;
  }

  /** Bytes of messages that are read and not yet durable. */
  get bytes(): number {
    return this.#bytes + this.#deliveringBytes;
  }

  /** How much of the room is taken: 1 is full. */
  get fill(): number {
    return Math.max(this.bytes / this.#bytesMax, this.#builder.rows / PENDING_ROWS_MAX);
  }

  get isFull(): boolean {
    return this.fill >= 1;
  }

  /** Why the store does not take what is here; undefined while it does. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Adds the records that `write` makes of `length` bytes of a sender. */
  add(
    sender: string,
    length: number,
    write: (into: RecordBatchBuilder, observedNs: TimeNs) => void,
  ): void {
    write(this.#builder, this.#context.clock.now());
    // What made no record takes no room.
    if (this.#builder.rows === 0) return;
    // The origin of a batch is one sender; a batch of several has the name of the listener, and
    // each record has its own sender among its attributes.
    this.#sender = this.#bytes === 0 || this.#sender === sender ? sender : this.#context.id;
    this.#bytes += length;
    this.#wasFull ||= this.isFull;
    const isBatch = this.#builder.rows >= BATCH_ROWS || this.#bytes >= BATCH_BYTES;
    if (isBatch || this.isFull) this.#flush();
    else this.#cancelWait ??= this.#context.clock.after(BATCH_WAIT_MS, () => this.#flush());
  }

  /** Delivers everything; gives up after a while, when the store does not take it. */
  async drain(): Promise<void> {
    const cancel = this.#context.clock.after(DRAIN_MS, () => {
      this.#givesUp = true;
      this.#cancelRetry();
    });
    this.#flush();
    while (this.#delivery !== undefined) await this.#delivery;
    cancel();
  }

  #flush(): void {
    this.#cancelWait?.();
    this.#cancelWait = undefined;
    if (this.#delivery !== undefined || this.#builder.rows === 0) return;
    const batch = this.#builder.build();
    const sender = this.#sender ?? this.#context.id;
    this.#deliveringBytes = this.#bytes;
    this.#builder = new RecordBatchBuilder(Math.max(64, Math.min(batch.rows, BATCH_ROWS)));
    this.#bytes = 0;
    this.#delivery = this.#deliver(batch, sender).then((isStored) => {
      this.#delivery = undefined;
      this.#deliveringBytes = 0;
      if (isStored) this.#hearing.delivered(batch.rows);
      else this.#hearing.lost(batch.rows);
      // What came meanwhile has waited as long as the store needed.
      this.#flush();
      if (!this.#wasFull || this.isFull) return;
      this.#wasFull = false;
      this.#hearing.roomy();
    });
  }

  /** Until it is durable; false when it never will be. */
  async #deliver(batch: RecordBatch, sender: string): Promise<boolean> {
    for (let attempt = 0; ; attempt += 1) {
      const receipt = await this.#attempt(batch, sender);
      this.#problem = receipt.ok ? undefined : receipt.error.message;
      if (receipt.ok) return true;
      if (this.#givesUp || !receipt.error.entry.retryable) return false;
      await this.#wait(Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** Math.min(attempt, 10)));
    }
  }

  async #attempt(batch: RecordBatch, sender: string): Promise<Result<unknown>> {
    try {
      return await this.#context.deliver(batch, { sender });
    } catch (error) {
      return err(lgError('LG_RUNTIME_BUG', `delivering syslog: ${messageOf(error)}`, error));
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#context.clock.after(ms, resolve);
      this.#cancelRetry = () => {
        cancel();
        resolve();
      };
    });
  }
}
