/** One item of a state: a path, a rule handle, a route key. */
export interface ReportItem {
  readonly state: string;
  readonly path: string;
}

/** One item that is not as the target has it, and why. */
export interface ReportProblem extends ReportItem {
  readonly why: string;
}

/** What became of every item that a run's plan looked at; each is in one of the four lists. */
export interface RunReport {
  /** As the target has them now, which they were not before. */
  readonly changed: readonly ReportItem[];
  /** Already as the target has them: nothing was to be done. */
  readonly equal: readonly { readonly state: string; readonly items: number }[];
  /** As they were before the run: not reached, taken back, or never to be changed. */
  readonly skipped: readonly ReportProblem[];
  /** Neither: a step failed there, or they are not known to be as before or as wanted. */
  readonly failed: readonly ReportProblem[];
}
