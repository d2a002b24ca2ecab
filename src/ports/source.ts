import type { Result } from '../base/result.ts';
import type { Log } from '../base/log.ts';
import type { RecordBatch } from '../model/record/record-batch.ts';
import type { SourceState } from '../model/evidence/store-status.ts';
import type { Reject } from '../model/record/timeline-record.ts';
import type { Clock } from './clock.ts';
import type { StandardSchema } from './standard-schema.ts';
import type { AppendReceipt } from './telemetry-store.ts';

/** What a source may use. Nothing else of the world but its own input. */
export interface SourceContext {
  /** Unique name of this source, the `source.id` of its records. */
  readonly id: string;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Hands a batch on; answers once it is durable. On failure the source keeps its input and tries
   * again (files, journals) or tells its sender to (OTLP). `position` is where it goes on after a
   * restart; it is stored together with the batch.
   */
  deliver(
    batch: RecordBatch,
    origin: { readonly sender: string; readonly position?: string },
  ): Promise<Result<AppendReceipt>>;
  /** Where to go on, from the newest durable batch. */
  position(): string | undefined;
  /** Counts and keeps an input that could not be normalized. */
  reject(reject: Reject): void;
  /** Counts what was not taken by declared policy; `why` is one of a few sentences. */
  shed(records: number, why: string): void;
  /** Counts a request that found no room before it was read; its sender shall come again. */
  refuse(): void;
}

/** A source at work. */
export interface RunningSource {
  /** What it alone knows; records, rejects and what was shed are counted where it hands them. */
  status(): SourceState;
  /** Stops taking input, delivers what was taken, then answers. Idempotent. */
  stop(): Promise<void>;
}

/** A kind of input: collects raw input and normalizes it. */
export interface Source<Spec> {
  /** The folder's name: `otlp`, `file`. */
  readonly kind: string;
  readonly specSchema: StandardSchema<Spec>;
  /** Starts; answers when it accepts input. Errors: LG_RUNTIME_PORT_TAKEN, LG_INGEST_…. */
  start(spec: Spec, context: SourceContext): Promise<Result<RunningSource>>;
}
