import type { DuringRun } from './during-run.ts';
import type { Diagnosis } from './suspect.ts';
import type { Signal } from './signal.ts';

/** The life of an incident, in order. */
export const INCIDENT_STATES = [
  'open',
  'acknowledged',
  'mitigating',
  'verifying',
  'closed',
] as const;

/** One of `INCIDENT_STATES`. */
export type IncidentState = (typeof INCIDENT_STATES)[number];

/** One entry of an incident's append-only stream; the incident is the fold of its entries. */
export type IncidentEntry =
  | {
      readonly kind: 'opened' | 'signal';
      readonly at: string;
      readonly signal: Signal;
      /** A run of ours was under way where it began. */
      readonly duringRun?: DuringRun;
    }
  | { readonly kind: 'diagnosed'; readonly at: string; readonly diagnosis: Diagnosis }
  | { readonly kind: 'acknowledged'; readonly at: string; readonly actor: string }
  | { readonly kind: 'run-started'; readonly at: string; readonly run: string }
  | {
      readonly kind: 'run-ended';
      readonly at: string;
      readonly run: string;
      readonly state: string;
      /** Whether the incident's goals were green at the end. */
      readonly healed: boolean;
    }
  | {
      readonly kind: 'closed';
      readonly at: string;
      readonly actor: string;
      readonly reason: string;
    };

/** Grouped signals with a lifecycle, their diagnosis and the runs that tried to mend it. */
export interface Incident {
  readonly id: string;
  readonly state: IncidentState;
  readonly title: string;
  readonly openedAt: string;
  readonly firstBadAt: string;
  readonly closedAt?: string;
  readonly closeReason?: string;
  readonly acknowledgedBy?: string;
  readonly components: readonly string[];
  /** Newest of each trigger and component. */
  readonly signals: readonly Signal[];
  /** Names of triggers that still fire. */
  readonly firing: readonly string[];
  readonly runs: readonly string[];
  /** Which of its trouble began during a run of ours; absent where none did. */
  readonly duringRuns?: readonly DuringRun[];
  readonly diagnosis?: Diagnosis;
}
