import type { Change } from '../../model/checkpoint/change.ts';
import type { CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import type { EvidenceSummary } from '../../model/evidence/evidence-summary.ts';
import type { Signal } from '../../model/incident/signal.ts';
import type { Diagnosis, Suspect } from '../../model/incident/suspect.ts';
import type { ProbeSample } from '../../model/health/verdict.ts';

/** A difference to the last good checkpoint, with what is known about when it came about. */
export interface SeenChange {
  readonly change: Change;
  /** It was not there yet at this time, RFC 3339; at the latest the checkpoint's own time. */
  readonly notBefore?: string;
  /** It was there at this time, RFC 3339: a file's change time, or when it was first observed. */
  readonly notAfter?: string;
  /** Whose clock tells these times; absent: ours. */
  readonly stampedBy?: string;
}

/** What somebody told of a component in so many words: an alert, a link or a neighbor lost. */
export interface ToldTrouble {
  readonly component: string;
  /** First time within the incident, RFC 3339. */
  readonly at: string;
  /** One sentence: who told it, what, how often. */
  readonly text: string;
  /** OpenTelemetry's number. */
  readonly severity: number;
  /** It may still go by itself, as its teller says. */
  readonly isPending: boolean;
  /** What it reported of itself, where it was no alert of another. */
  readonly eventName?: string;
  /** How often the same was told in the time before. */
  readonly before: number;
}

/** Against what the present state was compared, and how much of it could be. */
export interface Comparison {
  readonly checkpoint: string;
  /** When that checkpoint was taken, RFC 3339. */
  readonly at: string;
  /** Components whose state was really compared; of others it is not known whether they changed. */
  readonly components: readonly string[];
}

/** Everything that diagnosis looks at. */
export interface DiagnosisInput {
  /** First bad record to now, RFC 3339, and whose record that was, where known. */
  readonly incident: { readonly from: string; readonly to: string; readonly by?: string };
  /** Signals of the incident. */
  readonly symptoms: readonly Signal[];
  readonly evidence: EvidenceSummary;
  /** Caller to callee, or depends-on: from the inventory or a topology file. */
  readonly dependencies: readonly { readonly from: string; readonly to: string }[];
  /** Components whose trouble shows only at those who stand on them: firewalls, routers. */
  readonly passive: readonly string[];
  /** The component behind each `host:port`, from the inventory's health probes. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Differences of the present state to the checkpoint of `comparison`. */
  readonly changes: readonly SeenChange[];
  /** Absent when there was no checkpoint to compare with. */
  readonly comparison?: Comparison;
  /** Alerts of other systems and what devices reported, where records of them are at hand. */
  readonly told?: readonly ToldTrouble[];
  /** Who behaves otherwise than before, where two windows were compared. */
  readonly compared?: readonly Suspect[];
  /** Health probes, asked just now. */
  readonly probes: readonly ProbeSample[];
  readonly checkpoints: readonly CheckpointView[];
  /** Fingerprints of the present states by `StateSpec.id`, where known. */
  readonly current?: Readonly<Record<string, string>>;
}

/** What diagnosis answers; the caller, who has a clock, adds how long it took. */
export type Finding = Omit<Diagnosis, 'elapsedMs'>;

/** Whether it is known what of a component differs from the checkpoint. */
export function isCompared(input: DiagnosisInput, component: string): boolean {
  return input.comparison?.components.includes(component) === true;
}
