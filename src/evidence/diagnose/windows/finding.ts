/** What sort of evidence a finding is; of each sort only the best of a component counts. */
export type FindingKind = 'pattern' | 'time' | 'metric';

/** One thing about one component that is otherwise than in the baseline. */
export interface Finding {
  readonly kind: FindingKind;
  readonly component: string;
  /** 0..1. */
  readonly score: number;
  /** How far it is preferred when the resource at fault is named. */
  readonly naming: number;
  /** The metric, log statement or operation at fault. */
  readonly resource: string;
  /** One sentence with its figures. */
  readonly text: string;
  /** What shows it: statements, names of metrics, operations. */
  readonly evidence: readonly string[];
}
