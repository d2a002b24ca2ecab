import type { Instant } from '../run/instant.ts';
import type { DuringRun } from './during-run.ts';
import type { Diagnosis } from './suspect.ts';
import type { Signal } from './signal.ts';

/** A moment on the clock that only goes on, which begins anew with every boot. */
export type Uptime = Pick<Instant, 'bootId' | 'uptimeMs'>;

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
  | { readonly kind: 'automatic-refused'; readonly at: string; readonly reasons: readonly string[] }
  | ({ readonly kind: 'automatic-announced'; readonly at: string } & AnnouncedRollback)
  | { readonly kind: 'automatic-called-off'; readonly at: string; readonly why: string }
  | {
      readonly kind: 'automatic-begun';
      readonly at: string;
      /** Absent from what an earlier version wrote. */
      readonly uptime?: Uptime;
    }
  | {
      readonly kind: 'closed';
      readonly at: string;
      readonly actor: string;
      readonly reason: string;
    };

/** A rollback that begins by itself unless somebody says no. */
export interface AnnouncedRollback {
  /** When it begins, RFC 3339. */
  readonly due: string;
  readonly plan: string;
  readonly planHash: string;
  readonly target: string;
  readonly components: readonly string[];
}

/** What is announced of an incident, neither begun nor called off; undefined where nothing is. */
export function pendingRollback({
  automatic,
}: Pick<Incident, 'automatic'>): AutomaticAttempt['announced'] {
  const { announced, calledOff, begunAt } = automatic ?? {};
  return calledOff === undefined && begunAt === undefined ? announced : undefined;
}

/** What became of a rollback by itself: one is announced at most once for an incident. */
export interface AutomaticAttempt {
  /** Why none was announced, one sentence each; [] once one was. */
  readonly reasons: readonly string[];
  /** When it was for these reasons, RFC 3339; absent where there are none. */
  readonly asOf?: string;
  readonly announced?: AnnouncedRollback & { readonly at: string };
  readonly calledOff?: { readonly at: string; readonly why: string };
  /** Written before the run is started, RFC 3339. */
  readonly begunAt?: string;
  /** The same on the clock that nobody sets. */
  readonly begunUptime?: Uptime;
}

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
  /** Absent where nobody asked whether a rollback may begin by itself. */
  readonly automatic?: AutomaticAttempt;
}
