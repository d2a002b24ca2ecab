/** What a trigger does when it fires. */
export const TRIGGER_ACTIONS = ['checkpoint', 'incident', 'notify'] as const;

/** One of `TRIGGER_ACTIONS`. */
export type TriggerAction = (typeof TRIGGER_ACTIONS)[number];

interface TriggerBase {
  readonly name: string;
  /** Only records of this component; absent = each component by itself. */
  readonly component?: string;
  /** The sliding window that is counted over. */
  readonly windowMs: number;
  /** How long the condition must hold before the trigger fires. */
  readonly forMs: number;
  readonly actions: readonly TriggerAction[];
}

/** Fires above `above` and clears at or under `clearAt` (hysteresis: never above `above`). */
interface Limit {
  readonly above: number;
  readonly clearAt: number;
}

/** A rule over streaming counters that are updated at ingest; no queries on a timer. */
export type TriggerRule =
  /** Records of at least a severity, per second. */
  | (TriggerBase & Limit & { readonly signal: 'log-rate'; readonly minSeverity: number })
  /** Share 0..1 of spans with status ERROR among at least `minCount` spans in the window. */
  | (TriggerBase & Limit & { readonly signal: 'error-ratio'; readonly minCount: number })
  /** Quantile of span durations, milliseconds, among at least `minCount` spans. */
  | (TriggerBase &
      Limit & {
        readonly signal: 'span-latency';
        readonly quantile: number;
        readonly minCount: number;
      })
  /** Occurrences of an event in the window. */
  | (TriggerBase & Limit & { readonly signal: 'event'; readonly event: string })
  /** An external system's alert whose labels equal all of `match`; clears when it resolves. */
  | (TriggerBase & { readonly signal: 'alert'; readonly match: Readonly<Record<string, string>> });

/** What a trigger sees now, for `triggers`, `trigger explain` and the gate's goals. */
export interface TriggerState {
  readonly name: string;
  readonly signal: TriggerRule['signal'];
  readonly component?: string;
  /** Last value seen, absent when nothing that it reads has arrived. */
  readonly value?: number;
  readonly limit?: number;
  readonly state: 'quiet' | 'pending' | 'firing' | 'no-data';
  /** Since when, RFC 3339. */
  readonly since?: string;
  readonly explanation: string;
}
