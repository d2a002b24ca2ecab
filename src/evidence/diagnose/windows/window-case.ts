/** Times are milliseconds relative to the start of the incident, so that fractions stay exact. */

/** A stretch of time; the end does not belong to it. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A span as it is compared. */
export interface CaseSpan {
  readonly component: string;
  readonly operation: string;
  readonly startMs: number;
  readonly endMs: number;
  /** `spanKey` of its id and of its parent's; 0 for none. */
  readonly id: number;
  readonly parent: number;
  readonly trace: number;
  readonly isError: boolean;
}

/** A log line as it is compared. */
export interface CaseLog {
  readonly component: string;
  readonly atMs: number;
  /** Its statement: what of it stays the same whenever it is written. */
  readonly statement: string;
  readonly isError: boolean;
  readonly trace: number;
  readonly span: number;
}

/** One metric of one component, its samples in time order. */
export interface CaseSeries {
  readonly component: string;
  readonly name: string;
  readonly unit: string;
  readonly atMs: readonly number[];
  readonly values: readonly number[];
}

/** A call, or another dependency: who needs whom. */
export interface CaseEdge {
  readonly from: string;
  readonly to: string;
}

/** Of the time before an incident so much is kept beside the baseline. */
export const JUST_BEFORE_MS = 120_000;

/** Everything that is compared, of both windows. */
export interface WindowCase {
  readonly baseline: Window;
  readonly incident: Window;
  readonly spans: readonly CaseSpan[];
  readonly logs: readonly CaseLog[];
  readonly series: readonly CaseSeries[];
  readonly edges: readonly CaseEdge[];
}

/** Whether a time lies within a window. */
export function isWithin(ms: number, { fromMs, toMs }: Window): boolean {
  return ms >= fromMs && ms < toMs;
}
