import type { CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import type { ProbeSample } from '../../model/health/verdict.ts';
import type { Incident, Uptime } from '../../model/incident/incident.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { RunView } from '../../model/run/run.ts';
import type { TimeNs } from '../../base/time.ts';
import type { AutomaticPolicy } from './policy.ts';

/** Everything that can stop a rollback by itself from outside. */
export interface Switches {
  /** Absent: `rollback.automatic` is false. */
  readonly policy?: AutomaticPolicy;
  /** Why the kill switch is thrown; absent: it is not. */
  readonly off?: string;
  /** Why all writing is on hold; absent: it is not. */
  readonly hold?: string;
  /** Why the components are frozen; absent: they are not. */
  readonly frozen?: string;
}

/** What was done before. */
export interface History {
  /** All of them, the one in question included. */
  readonly incidents: readonly Incident[];
  /** Runs that have been of late and those under way, newest first; undefined: not readable. */
  readonly runs: readonly RunView[] | undefined;
}

/** One state of the plan, asked right before. */
export interface StateReadiness {
  readonly state: string;
  /** Why its target cannot be reached or cannot take it; absent: it can. */
  readonly problem?: string;
  readonly confirm?: 'native' | 'supervisor' | 'none';
  readonly dataBearing?: boolean;
}

/** What can be answered without looking at any target. */
export interface FirstQuestion {
  readonly incident: Incident;
  readonly history: History;
  readonly switches: Switches;
  readonly now: TimeNs;
  /** The same moment on the clock that nobody sets. */
  readonly uptime: Uptime;
  /** The plan that was announced for the incident, where that is carried out now. */
  readonly announced?: string;
  readonly plan?: Plan;
}

/** The whole question. */
export interface Question extends FirstQuestion {
  readonly plan: Plan;
  /** The target of the plan. */
  readonly checkpoint: CheckpointView;
  readonly readiness: readonly StateReadiness[];
  /** One round of the checks of the plan. */
  readonly samples: readonly ProbeSample[];
}
