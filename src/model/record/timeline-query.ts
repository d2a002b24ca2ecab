import type { TimeNs } from '../../base/time.ts';
import type { RecordKind, TimelineRecord } from './timeline-record.ts';

/** What part of the timeline is asked for. Absent members do not restrict. */
export interface TimelineFilter {
  /** Inclusive, aligned time. */
  readonly from?: TimeNs | undefined;
  /** Exclusive, aligned time. */
  readonly to?: TimeNs | undefined;
  readonly components?: readonly string[] | undefined;
  readonly hosts?: readonly string[] | undefined;
  readonly services?: readonly string[] | undefined;
  /** Ids of sources. */
  readonly sources?: readonly string[] | undefined;
  readonly kinds?: readonly RecordKind[] | undefined;
  /** At least this OTel severity number. */
  readonly minSeverity?: number | undefined;
  readonly eventNames?: readonly string[] | undefined;
  /** 32 hexadecimal digits. */
  readonly traceId?: string | undefined;
  /** Substring of the body or of the attributes, letter case ignored. */
  readonly text?: string | undefined;
}

/** One page of the timeline. */
export interface TimelineQuery extends TimelineFilter {
  /** 1 to 10,000. */
  readonly limit: number;
  /** Newest first, oldest first, or in the order of arrival (to follow the timeline). */
  readonly order: 'newest' | 'oldest' | 'arrival';
  /** From an earlier page's `nextCursor`. */
  readonly cursor?: string | undefined;
}

/** Records and where to go on; `nextCursor` is absent after the last page, except for `arrival`. */
export interface TimelinePage {
  readonly records: readonly TimelineRecord[];
  readonly nextCursor?: string;
}

/** How many records of a severity fell into one bucket. */
export interface DensityBucket {
  /** Start of the bucket, RFC 3339. */
  readonly time: string;
  readonly severity: number;
  readonly count: number;
}
