/**
 * What one component did in one bucket of time, as numbers: the vectors that detection by models
 * works on. Latencies are those of spans, in milliseconds, within 4.5 %; absent without spans.
 */
export interface FeatureRow {
  /** Start of the bucket, RFC 3339. */
  readonly time: string;
  /** Empty for records that no component sent. */
  readonly component: string;
  readonly logs: number;
  /** Logs of severity 13 to 16, OpenTelemetry's WARN. */
  readonly warnings: number;
  /** Logs of severity 17 and more, ERROR and FATAL. */
  readonly errors: number;
  readonly events: number;
  readonly alerts: number;
  readonly spans: number;
  /** Spans with the status ERROR. */
  readonly failedSpans: number;
  readonly spanP50Ms?: number;
  readonly spanP95Ms?: number;
  readonly spanP99Ms?: number;
}
