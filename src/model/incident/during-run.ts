/**
 * Trouble that began while a run of ours changed or held its component, or something that it
 * stands on. The order in time is certain, that the run is to blame is not.
 */
export interface DuringRun {
  readonly run: string;
  /** Of the signal: what fired, where, and when the trouble began (RFC 3339). */
  readonly trigger: string;
  readonly component: string;
  readonly firstBadAt: string;
  /** The step of the plan that came last before; absent where that was a step of the way back. */
  readonly step?: string;
  /** What that step changed: `component/provider`. */
  readonly changed: string;
  /** How long after the step was begun. */
  readonly afterMs: number;
  /** One sentence of all this. */
  readonly text: string;
}
