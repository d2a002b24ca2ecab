import type { Log } from '../../base/log.ts';
import type { RecordBatch } from '../../model/record/record-batch.ts';
import type { SourceRule } from '../../model/evidence/source-rule.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Source } from '../../ports/source.ts';
import type { TelemetryStore } from '../../ports/telemetry-store.ts';

/** A source of the configuration with its adapter. `spec` is parsed by the adapter's own schema. */
export interface SourceEntry {
  /** Unique; the `source.id` of its records and the key of its position. */
  readonly id: string;
  readonly kind: string;
  readonly source: Source<unknown>;
  readonly spec: unknown;
  /** What else it was made with, such as who may send; when that changes it is started anew. */
  readonly madeWith?: string;
  /** What of it is not stored one by one; the first that is about a record decides. */
  readonly rules?: readonly SourceRule[];
}

/** What collecting needs. */
export interface CollectionParts {
  readonly store: Pick<TelemetryStore, 'append' | 'position'>;
  /** Hides what must not be stored, shown nor judged; absent: nothing. */
  readonly redact?: (batch: RecordBatch) => RecordBatch;
  /**
   * Told of each batch, with what rules left out of it, once the rest is durable; in order per
   * source; must not block.
   */
  readonly onBatch: (batch: RecordBatch) => void;
  readonly clock: Clock;
  readonly log: Log;
}
