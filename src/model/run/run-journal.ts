import type { BlobHash } from '../checkpoint/capture.ts';
import type { CheckpointId } from '../checkpoint/checkpoint.ts';
import type { Deadline } from './instant.ts';
import type { Plan, PlanHash, PlanStep } from './plan.ts';
import type { RunProgress } from './run.ts';
import type { TargetIdentity } from '../component/target-identity.ts';
import type { ProbeSample } from '../health/verdict.ts';

/** The one decision of a run. */
export type Decision = 'CONFIRM' | 'CANCEL' | 'EXPIRE';

/** What the engine's strategy depends on, probed on the real target while preparing. */
export interface StateTraits {
  readonly atomic: 'all' | 'per-item' | 'none';
  readonly idempotent: boolean;
  readonly confirm: 'native' | 'supervisor' | 'none';
}

/** One state as it was found and kept in P just before the run. */
export interface PreparedState {
  readonly state: string;
  /** Of the state in P. */
  readonly fingerprint: string;
  /** The state's image in P. */
  readonly image: BlobHash;
  readonly traits: StateTraits;
  /** Who the target was; what was never told is not asked for again. */
  readonly target?: TargetIdentity;
}

/** Somebody else who writes a state and is paused for the run. */
export interface PausedWriter {
  readonly state: string;
  readonly name: string;
  /** The words that pause it; both names are those that journals bear on disk. */
  readonly freeze: readonly string[];
  /** The words that let it go on. */
  readonly unfreeze: readonly string[];
}

/** Forward goes to the target, undo goes back to P. */
export type Direction = 'forward' | 'undo';

/**
 * One entry of the stream `run/<id>`, the write-ahead journal of a run. What is not here did not
 * happen: every entry is durable before the engine does what follows from it. `at` is RFC 3339.
 */
export type RunEntry =
  | {
      readonly kind: 'planned';
      readonly at: string;
      readonly run: string;
      readonly plan: Plan;
      readonly requestedBy: string;
      /** SHA-256 of the confirm token; the token itself is shown once and kept nowhere. */
      readonly tokenHash: string;
      /** The plan is void from then on. */
      readonly expires: Deadline;
      /** Who gave the second word already, when one is needed. */
      readonly approvedBy?: string;
      /** Replaces the second word in an emergency; the reason. */
      readonly breakGlass?: string;
    }
  | {
      readonly kind: 'approved';
      readonly at: string;
      readonly by: string;
      readonly planHash: PlanHash;
    }
  | { readonly kind: 'preparing'; readonly at: string; readonly fence: number }
  /** Writers are about to be paused, so that a crash leaves nobody paused. */
  | { readonly kind: 'freezing'; readonly at: string; readonly writers: readonly PausedWriter[] }
  /** P is sealed and readable back. */
  | {
      readonly kind: 'prepared';
      readonly at: string;
      readonly before: CheckpointId;
      readonly states: readonly PreparedState[];
      readonly baseline: readonly ProbeSample[];
    }
  /**
   * Before the first device timer is armed, so that a crash leaves none of ours running. The
   * deadline counts from here: a device armed later than that reverts later than we give up.
   */
  | {
      readonly kind: 'arming';
      readonly at: string;
      readonly states: readonly string[];
      readonly deadline: Deadline;
    }
  /** The timers are about to be told of a later deadline, which is not the run's own yet. */
  | {
      readonly kind: 'extending';
      readonly at: string;
      readonly by: string;
      readonly deadline: Deadline;
    }
  /** They all have been: the run waits until then. */
  | {
      readonly kind: 'extended';
      readonly at: string;
      readonly by: string;
      readonly deadline: Deadline;
    }
  /** Every timer runs; from here on mutations may have happened. */
  | { readonly kind: 'armed'; readonly at: string }
  | {
      readonly kind: 'intent';
      readonly at: string;
      readonly direction: Direction;
      readonly step: PlanStep;
    }
  | {
      readonly kind: 'done';
      readonly at: string;
      readonly direction: Direction;
      readonly step: string;
      readonly state: string;
      /** Re-read after the step. */
      readonly fingerprint: string;
    }
  /** A step that was intended and refused before it changed anything: its INTENT is void. */
  | {
      readonly kind: 'untouched';
      readonly at: string;
      readonly direction: Direction;
      readonly step: string;
      readonly why: string;
    }
  /** A batch (1, 2, …) is as wanted and its guards have held: the next may begin. */
  | { readonly kind: 'batch-passed'; readonly at: string; readonly batch: number }
  | { readonly kind: 'verifying'; readonly at: string }
  | {
      readonly kind: 'healthy';
      readonly at: string;
      readonly nonce: string;
      readonly healed?: boolean;
      readonly notJudged: readonly string[];
    }
  | {
      readonly kind: 'decided';
      readonly at: string;
      readonly decision: Decision;
      readonly why: string;
      readonly by: string;
      /** The gate judged, and the goals stayed red: going there does not heal. */
      readonly unhealed?: true;
      /** The gate judged, and something that was healthy before is not: going there harms. */
      readonly harmed?: true;
      /** The step that failed, where one did. */
      readonly step?: string;
    }
  | { readonly kind: 'commit-lost'; readonly at: string; readonly why: string }
  /** A new process took the run over with a higher fencing token. */
  | { readonly kind: 'recovered'; readonly at: string; readonly fence: number }
  | {
      readonly kind: 'ended';
      readonly at: string;
      readonly state: 'COMMITTED' | 'REVERTED' | 'ABORTED' | 'NEEDS_OPERATOR';
      readonly why: string;
      /** The error code that says why, where one fits. */
      readonly code?: string;
      readonly healed?: boolean;
      readonly progress: readonly RunProgress[];
      readonly byHand: readonly string[];
    }
  /** Somebody's confirm was refused, and why; it changes nothing and may stand behind `ended`. */
  | {
      readonly kind: 'confirm-refused';
      readonly at: string;
      readonly by: string;
      /** The error code that they were told, and its detail. */
      readonly code: string;
      readonly why: string;
    }
  /** A person lets the engine try once more to reach P, out of NEEDS_OPERATOR. */
  | { readonly kind: 'resumed'; readonly at: string; readonly by: string }
  /** A person accepts a NEEDS_OPERATOR run as it is: its locks go. */
  | {
      readonly kind: 'released';
      readonly at: string;
      readonly by: string;
      readonly reason: string;
    };
