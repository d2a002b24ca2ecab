import type { Json } from '../base/canonical-json.ts';
import type { Result } from '../base/result.ts';

/** One entry of a stream; versions count from 1 without gaps. */
export interface StreamEntry {
  readonly version: number;
  readonly entry: Json;
}

/**
 * The durable memory of the recovery plane: append-only streams (a run's journal, a checkpoint's
 * facts, an incident's life, the audit chain) and leases. Everything else is a fold of streams.
 * Payloads are encrypted at rest.
 */
export interface ControlStore {
  /**
   * Appends all entries or none, durably (fsync) before it answers. `expected` is the version the
   * writer has read up to (0 = a new stream); LG_STORE_CONFLICT when somebody was faster: this is
   * the compare-and-append that makes one decision. Answers the new version.
   */
  append(stream: string, expected: number, entries: readonly Json[]): Promise<Result<number>>;
  /** Entries with a version above `after`, in order; an unknown stream is empty. */
  read(stream: string, after?: number): Promise<Result<readonly StreamEntry[]>>;
  /** Names of the streams that start with a prefix, sorted. */
  streams(prefix: string): Promise<Result<readonly string[]>>;
  /** Removes a whole stream (retention); idempotent. */
  drop(stream: string): Promise<Result<void>>;
  /**
   * Takes a lease for a holder and answers its fencing token, larger than every earlier token of
   * the name: a holder that paused too long is told apart by its older one.
   */
  fence(name: string, holder: string): Promise<Result<number>>;
  /** Finishes writes and closes; idempotent. */
  close(): Promise<void>;
}
