import type { SourceWatermark } from '../checkpoint/checkpoint.ts';
import type { ReferredEvidence } from './evidence-retention.ts';
import type { RuleStatus } from './source-rule.ts';

/** What the telemetry store says of itself. */
export interface StoreStatus {
  readonly records: number;
  /** Not yet in a sealed segment. */
  readonly hotRecords: number;
  readonly segments: number;
  readonly segmentBytes: number;
  readonly logBytes: number;
  /** Segments that could not be read and were set aside, with the reason. */
  readonly quarantined: readonly { readonly segment: string; readonly why: string }[];
  /** What is kept although its time is over, because something refers to it. */
  readonly held: readonly ReferredEvidence[];
  readonly watermarks: readonly SourceWatermark[];
}

/** Records that were shed for one reason. */
export interface Shed {
  readonly why: string;
  readonly records: number;
}

/** What a source says of itself while it runs. */
export interface SourceState {
  readonly state: 'running' | 'waiting' | 'failed' | 'off';
  /** What it listens on or reads. */
  readonly target: string;
  /** Losses that were seen and told; absent where a source cannot see any. */
  readonly gaps?: number;
  /** Whether all there was to read is handed over; absent where only the senders know. */
  readonly caughtUp?: boolean;
  /** Bytes that wait to be read or stored; absent where a source cannot tell. */
  readonly backlogBytes?: number;
  /** What is wrong and how to mend it; absent when nothing is. */
  readonly problem?: string;
}

/**
 * One source's health and its whole account since the daemon started: what it received is what was
 * stored, what was there before and what rules left out. What could not be normalized and what was
 * shed never became a record.
 */
export interface SourceStatus extends SourceState {
  readonly id: string;
  readonly kind: string;
  /** Records that were taken for good: `records`, `repeated` and `leftOut` together. */
  readonly received: number;
  /** Records stored. */
  readonly records: number;
  /** Records whose `log.record.uid` was stored before. */
  readonly repeated: number;
  /** Records that rules left out. */
  readonly leftOut: number;
  /** Inputs that could not be normalized. */
  readonly rejects: number;
  /** Shed by declared policy, and why. */
  readonly shed: number;
  readonly shedBy: readonly Shed[];
  /** Requests and batches that found no room: the sender was told to come again, or waits. */
  readonly refused: number;
  /** Age of the oldest batch that is taken and not durable yet; 0 when nothing waits. */
  readonly lagMs: number;
  readonly rules: readonly RuleStatus[];
  readonly lastRecordAt?: string;
}
