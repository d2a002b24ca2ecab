import type { TimeNs } from '../../base/time.ts';
import type { RecordKind } from '../record/timeline-record.ts';

/** How long some records stay. Absent members do not restrict. */
export interface KeepRule {
  readonly kinds?: readonly RecordKind[] | undefined;
  readonly components?: readonly string[] | undefined;
  /** What arrived before it goes. */
  readonly before: TimeNs;
}

/** A stretch of time whose evidence stays, because something refers to it. */
export interface ReferredTime {
  readonly from: TimeNs;
  /** Absent: without end. */
  readonly to?: TimeNs | undefined;
  /** `checkpoint cp_… is pinned`, `incident inc_… is open`. */
  readonly why: string;
}

/** What of the evidence stays. */
export interface RetentionPolicy {
  /** Of records that no rule names, what arrived before it goes. */
  readonly before: TimeNs;
  /** The first rule that matches a record decides. */
  readonly rules: readonly KeepRule[];
  /** Segments and log together; above it the oldest goes, what is referred to last. */
  readonly maxBytes?: number | undefined;
  readonly referred: readonly ReferredTime[];
}

/** What stays although its time is over, because something refers to it. */
export interface ReferredEvidence {
  readonly why: string;
  readonly segments: number;
  readonly bytes: number;
}

/** What was given up for good. */
export interface RetentionReport {
  readonly segments: number;
  readonly bytes: number;
  /** Of these, what was referred to but had to make room. */
  readonly referredSegments: number;
}

/** The instant before which records of a kind and component go. */
export function cutoffOf(policy: RetentionPolicy, kind: RecordKind, component: string): TimeNs {
  const rule = policy.rules.find(
    ({ kinds, components }) =>
      (kinds === undefined || kinds.includes(kind)) &&
      (components === undefined || components.includes(component)),
  );
  return rule?.before ?? policy.before;
}
