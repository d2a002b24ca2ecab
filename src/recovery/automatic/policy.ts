import type { WEEKDAYS } from '../../model/run/weekdays.ts';

/** A part of some days in which a rollback may begin by itself. */
export interface AllowedWindow {
  readonly days: readonly (typeof WEEKDAYS)[number][];
  /** `HH:MM` in `timeZone`, the first minute within and the first that is not. */
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

/** `rollback.automatic`: what may be rolled back without anybody asking, and how often. */
export interface AutomaticPolicy {
  readonly components: readonly string[];
  /** Least score of the first suspect, 0..1. */
  readonly confidence: number;
  /** Between the announcement and the run. */
  readonly delayMs: number;
  /** Absent: at any time. */
  readonly windows?: readonly AllowedWindow[];
  /** At most so many begin, anywhere, within this time. */
  readonly limit: { readonly runs: number; readonly withinMs: number };
  /** For so long after one, or after a run that failed, none begins for the same component. */
  readonly coolDownMs: number;
}
