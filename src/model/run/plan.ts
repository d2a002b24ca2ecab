import type { Brand } from '../../base/brand.ts';
import type { BlobHash } from '../checkpoint/capture.ts';
import type { Change } from '../checkpoint/change.ts';
import type { CheckpointId, CheckpointStatus } from '../checkpoint/checkpoint.ts';
import type { Component } from '../component/component.ts';
import type { TravelGroup } from '../component/travel-group.ts';
import type { TargetIdentity } from '../component/target-identity.ts';

/** SHA-256 over the canonical JSON of a plan's `content`. */
export type PlanHash = Brand<string, 'PlanHash'>;

/** One idempotent action of a plan on one state. */
export interface PlanStep {
  /** `1`, `2`, … in the order of execution. */
  readonly id: string;
  readonly state: string;
  readonly component: string;
  readonly provider: string;
  /** The paths it brings to their desired form. */
  readonly paths: readonly string[];
  /** Fingerprint the state must have before the step, else it is foreign. */
  readonly expects: string;
  /** Fingerprint the state has after the step. */
  readonly becomes: string;
  /** The state image that is the step's whole desired form. */
  readonly desired: BlobHash;
  /** The exact commands or writes, for a person to read and to repeat by hand. */
  readonly commands: readonly string[];
  readonly disruption: Change['disruption'];
}

/** What silence means when the confirm deadline passes, see property 22. */
export type OnSilence = 'revert' | 'keep-if-healed';

/** One check of the gate: a *guard* must not turn red, a *goal* must turn green. */
export interface GateCheck {
  readonly role: 'guard' | 'goal';
  /** `ProbeSample.check`. */
  readonly check: string;
  readonly component: string;
}

/** Components that are changed together and then watched before the next batch begins. */
export interface PlanBatch {
  readonly components: readonly string[];
  /** Ids of its steps, in their order. */
  readonly steps: readonly string[];
  /** For so long its guards must hold; 0 for the last batch, which the whole gate judges. */
  readonly soakMs: number;
  /** At most so much longer; how much follows from the plan's hash. */
  readonly jitterMs: number;
}

/** How a state stood when the plan was made, beside what the plan changes of it. */
export interface ComparedState {
  readonly state: string;
  /** Items that are as the target has them already. */
  readonly equal: number;
  /** Why the others stay as they are; absent where the plan changes them. */
  readonly left?: string;
}

/** A check that no role was given yet. */
export type GuardName = Omit<GateCheck, 'role'>;

/** What of the present state going back would lose, as far as it can be known. */
export interface StateLoss {
  readonly state: string;
  /** Items that are there now and would not be, and that would be another version. */
  readonly removed: number;
  readonly overwritten: number;
  /** Of the contents that would go. */
  readonly bytes: number;
  /** How often it changed since the target, as far as checkpoints saw. */
  readonly versions: number;
  /** The newest of what is lost came after this, and not after that; absent where not known. */
  readonly changedAfter?: string;
  readonly changedBy?: string;
}

/** Why a plan goes to its target, and which other one it could go to. */
export interface TargetChoice {
  readonly why: string;
  readonly runnerUp?: {
    readonly checkpoint: CheckpointId;
    readonly status: CheckpointStatus;
    readonly takenAt: string;
    /** Why it came second. */
    readonly why: string;
  };
}

/** What must be shown of a component before its change is confirmed, see property 20. */
export interface ReachDemand {
  readonly component: string;
  /** `checkName`s of its `reach` probes; []: who confirms comes from another machine. */
  readonly probes: readonly string[];
}

/** Everything that decides what the plan does. Equal inputs give byte-equal contents. */
export interface PlanContent {
  readonly target: CheckpointId;
  readonly components: readonly string[];
  readonly steps: readonly PlanStep[];
  /**
   * The components that it touches or asks, as they were configured, with the states that it needs:
   * a run goes by these to its end, whatever is configured meanwhile. Absent in plans of older
   * versions, which go by what is configured.
   */
  readonly settings?: readonly Component[];
  /** The first is the canary. Absent in plans of older versions, which are one batch. */
  readonly batches?: readonly PlanBatch[];
  /** Every state that was looked at. Absent in plans of older versions. */
  readonly compared?: readonly ComparedState[];
  readonly changes: readonly Change[];
  /**
   * Observed fingerprint, by `StateSpec.id`, of every state that the plan changes and of those that
   * travel with them and are as wanted already: it is stale once one of them differs.
   */
  readonly observed: Readonly<Record<string, string>>;
  /** Who the target of each state was; absent where nobody said. */
  readonly targets?: Readonly<Record<string, TargetIdentity>>;
  /** Groups of which something is restored; absent when nothing travels together. */
  readonly groups?: readonly TravelGroup[];
  /** What going back would lose, by state; absent when nothing that is there now goes. */
  readonly losses?: readonly StateLoss[];
  readonly risks: readonly string[];
  readonly checks: readonly GateCheck[];
  /** Absent when nothing of it carries traffic and no probe is named. */
  readonly reach?: readonly ReachDemand[];
  readonly gate: { readonly samples: number; readonly intervalMs: number };
  readonly confirmTimeoutMs: number;
  /** Why it is not what is configured, or the usual; absent where it is. */
  readonly confirmWhy?: string;
  readonly onSilence: OnSilence;
  /** Someone else's word is needed, and why; absent when none is. */
  readonly approval?: string;
}

/** A plan is a value with a hash; it is refused once the world differs from `observed`. */
export interface Plan {
  readonly id: string;
  readonly planHash: PlanHash;
  readonly content: PlanContent;
  readonly createdAt: string;
  /** Refused from then on, RFC 3339. */
  readonly expiresAt: string;
  readonly requestedBy: string;
  readonly reason: string;
  readonly incident?: string;
  /** Absent in plans of older versions and in those that undo a run. */
  readonly choice?: TargetChoice;
  /** Set when the plan undoes a run: the target is that run's checkpoint P. */
  readonly undoOf?: string;
}
