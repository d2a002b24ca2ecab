import type { TimeNs } from '../../../base/time.ts';
import { RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import type { Reject } from '../../../model/record/timeline-record.ts';
import { deliverUntilDurable } from '../../../ports/deliver-until-durable.ts';
import type { SourceContext } from '../../../ports/source.ts';
import {
  BATCH_BYTES,
  BATCH_ROWS,
  BATCH_WAIT_MS,
  DRAIN_MS,
  PENDING_ROWS_MAX,
} from './syslog-limits.ts';

/** What pending records tell their listener. */
export interface PendingHearing {
  /** There is room again after `isFull`. */
  readonly roomy: () => void;
  /** The store refused a batch for good. */
  readonly reject: (reject: Reject) => void;
  /** Rows that the store refused until the source had to end. */
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
  readonly #givingUp = new AbortController();
  #cancelWait: (() => void) | undefined;
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
    const cancel = this.#context.clock.after(DRAIN_MS, () => this.#givingUp.abort());
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
    this.#delivery = deliverUntilDurable(this.#context, {
      batch,
      origin: { sender },
      signal: this.#givingUp.signal,
      onProblem: (problem) => (this.#problem = problem),
      reject: this.#hearing.reject,
    }).then((outcome) => {
      this.#delivery = undefined;
      this.#deliveringBytes = 0;
      if (outcome === 'stopped') this.#hearing.lost(batch.rows);
      // What came meanwhile has waited as long as the store needed.
      this.#flush();
      if (!this.#wasFull || this.isFull) return;
      this.#wasFull = false;
      this.#hearing.roomy();
    });
  }
}
