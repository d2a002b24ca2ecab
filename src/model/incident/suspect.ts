import type { RecordOrder } from '../record/record-order.ts';

/** How sure we are of a cause; PROVEN only after reverting it has cured the trouble. */
export type SuspectVerdict = 'PROVEN' | 'LIKELY' | 'CORRELATED' | 'UNKNOWN';

/** One sentence of a suspect's case, with links to what shows it. */
export interface Reason {
  readonly text: string;
  /** Record ids, change paths (`component/provider:path`) or checkpoint ids. */
  readonly evidence: readonly string[];
  /** How a change stands to the beginning of the trouble, where the text says it. */
  readonly order?: RecordOrder;
}

/** Whether a suspect came before the rest of the trouble, as far as clocks tell. */
export interface SuspectOrder {
  readonly word: RecordOrder;
  /** One sentence: before or after what, by how much, or what keeps us from telling. */
  readonly text: string;
}

/** A ranked root-cause candidate. */
export interface Suspect {
  readonly rank: number;
  readonly component: string;
  /** `change`, `process`, `service`, …: what sort of cause it would be. */
  readonly kind: string;
  /** 0..1, higher is more suspect. */
  readonly score: number;
  readonly verdict: SuspectVerdict;
  /** The metric, log statement, file or release at fault, where known. */
  readonly resource?: string;
  readonly reasons: readonly Reason[];
  /** Absent where nothing dates it, or there is nothing to hold it against. */
  readonly order?: SuspectOrder;
}

/** Whether going back would help, and to where. */
export interface RollbackAdvice {
  readonly helps: 'yes' | 'no' | 'unknown';
  /** One sentence; when it does not help, what would ("restart payment"). */
  readonly why: string;
  readonly checkpoint?: string;
  /** The second choice, when there is one. */
  readonly runnerUp?: string;
  /** Why that came second: what decided between the two, or what it would give up. */
  readonly whySecond?: string;
}

/** What `diagnose --json` and `incident show --json` share. */
export interface Diagnosis {
  readonly incident: { readonly from: string; readonly to: string };
  readonly suspects: readonly Suspect[];
  readonly rollback: RollbackAdvice;
  readonly elapsedMs: number;
}
