import type { Result } from '../base/result.ts';
import type { SourceWatermark } from '../model/checkpoint/checkpoint.ts';
import type { ClockOverlay } from '../model/evidence/clock-overlay.ts';
import type { RetentionPolicy, RetentionReport } from '../model/evidence/evidence-retention.ts';
import type { FeatureRow } from '../model/record/feature-row.ts';
import type { RecordBatch } from '../model/record/record-batch.ts';
import type { StoreStatus } from '../model/evidence/store-status.ts';
import type {
  DensityBucket,
  TimelineFilter,
  TimelinePage,
  TimelineQuery,
} from '../model/record/timeline-query.ts';

/** Who brings a batch, for exactly-once. */
export interface BatchOrigin {
  readonly source: string;
  /** Scope of `log.record.uid`: records of different senders never count as repeats. */
  readonly sender: string;
  /** Where the source goes on after this batch; kept in the same write as the batch. */
  readonly position?: string;
}

/** What became of a batch. */
export interface AppendReceipt {
  /** Rows stored now. */
  readonly stored: number;
  /** Rows whose `log.record.uid` was stored before. */
  readonly repeated: number;
}

/** Keeps the timeline. Every method may be called at any time between open and `close`. */
export interface TelemetryStore {
  /**
   * Answers once the rows survive kill -9 and power loss; a failure means none of them is kept
   * (LG_STORE_DISK_FULL, LG_STORE_WRITE_FAILED; LG_INGEST_OVERLOADED at once while the disk is
   * far behind). Concurrent calls share an fsync.
   */
  append(batch: RecordBatch, origin: BatchOrigin): Promise<Result<AppendReceipt>>;
  /** The position stored with the newest batch of a source. */
  position(source: string): string | undefined;
  query(query: TimelineQuery): Promise<Result<TimelinePage>>;
  /** Counts per bucket and severity; `bucketMs` at least 1, at most 10,000 buckets. */
  density(filter: TimelineFilter, bucketMs: number): Promise<Result<readonly DensityBucket[]>>;
  /** Per bucket and component what detection counts; limits as for `density`. */
  features(filter: TimelineFilter, bucketMs: number): Promise<Result<readonly FeatureRow[]>>;
  /**
   * Corrects the times of records by this version from now on, at query time: what is stored stays
   * as it was stamped. A page that was begun goes on by the version it was begun with.
   */
  align(overlay: ClockOverlay): void;
  watermarks(): readonly SourceWatermark[];
  status(): Promise<StoreStatus>;
  /** Seals what is hot into a segment now; a no-op when nothing is hot. */
  seal(): Promise<Result<void>>;
  /**
   * Gives up what the policy does not keep, for good: whole segments now, and by `tidy`, until the
   * next call or a restart, what is old in the others. A record's age counts from its arrival.
   */
  retain(policy: RetentionPolicy): Promise<Result<RetentionReport>>;
  /**
   * Does one piece of upkeep (what is old goes, small segments become large ones) and answers
   * whether there was any. Whoever calls it decides how much of the machine upkeep may have.
   */
  tidy(): Promise<Result<boolean>>;
  /**
   * Keeps every file that is there from being removed, cut or renamed while somebody copies them,
   * until what it answers is called or `limitMs` have passed: a copier that died must not keep
   * retention off for ever. Records are taken, and new files written, meanwhile. Several may copy
   * at once.
   */
  keepFiles(limitMs: number): Promise<Result<() => void>>;
  close(): Promise<void>;
}
