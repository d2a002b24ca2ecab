import type { SourceWatermark } from './checkpoint.ts';

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
  readonly watermarks: readonly SourceWatermark[];
}

/** One source's health. */
export interface SourceStatus {
  readonly id: string;
  readonly kind: string;
  readonly state: 'running' | 'waiting' | 'failed' | 'off';
  /** What it listens on or reads. */
  readonly target: string;
  readonly records: number;
  readonly rejects: number;
  /** Shed by declared policy. */
  readonly shed: number;
  /** Losses that were seen and told; absent where a source cannot see any. */
  readonly gaps?: number;
  readonly lastRecordAt?: string;
  /** What is wrong and how to mend it; absent when nothing is. */
  readonly problem?: string;
}
