import type { TimeNs } from '../base/time.ts';
import type { ResolveEntity } from '../model/entity.ts';
import type { RecordBatch } from '../model/record-batch.ts';
import type { Reject } from '../model/timeline-record.ts';

/** What a normalizer made of the bytes it was given. */
export interface Normalized {
  readonly batches: readonly RecordBatch[];
  readonly rejects: readonly Reject[];
}

/**
 * Turns one stream of raw input into records. Pure: the same bytes give the same records however
 * they are cut into pushes. What cannot be normalized becomes a reject; nothing stops the stream.
 */
export interface Normalizer {
  push(bytes: Uint8Array): Normalized;
  /** The input is complete: what was still incomplete is judged now. Call once. */
  end(): Normalized;
}

/** What a normalizer needs to know of the world. */
export interface NormalizerContext {
  /** The `source.id` of the records. */
  readonly source: string;
  /** When the input arrived; asked once a batch. */
  readonly observedNs: () => TimeNs;
  readonly resolve: ResolveEntity;
  /**
   * Minutes east of UTC of the clock that wrote stamps without a zone, at an instant given in Unix
   * milliseconds. UTC when absent.
   */
  readonly zoneMinutes?: (unixMs: number) => number;
}

/** A format of `normalize --format`. */
export type NormalizerFactory = (context: NormalizerContext) => Normalizer;
