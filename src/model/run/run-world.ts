import type { Result } from '../../base/result.ts';
import type { BlobHash, StateImage } from '../checkpoint/capture.ts';
import type { CheckpointId } from '../checkpoint/checkpoint.ts';
import type { GateCheck, PlanStep } from './plan.ts';
import type { FrozenWriter, StateTraits } from './run-journal.ts';
import type { ExpectedTarget, TargetIdentity } from '../component/target-identity.ts';
import type { ProbeSample } from '../health/verdict.ts';

/** A state as preflight finds it. */
export interface Preflight {
  readonly fingerprint: string;
  readonly traits: StateTraits;
  readonly target?: TargetIdentity;
  /** Why the target could not be restored here and now; [] when it could. */
  readonly findings: readonly string[];
}

/** P: the checkpoint taken just before a rollback, so that it can be undone. */
export interface BeforeCheckpoint {
  readonly checkpoint: CheckpointId;
  readonly states: readonly {
    readonly state: string;
    readonly fingerprint: string;
    readonly image: BlobHash;
  }[];
}

/** How an apply ended. `unknown`: only a re-read can tell. */
export type ApplyOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed-clean'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** What people are told about a run. */
export interface RunNotice {
  readonly run: string;
  readonly urgency: 'info' | 'warning' | 'critical';
  readonly title: string;
  readonly text: string;
  /** Equal for repeats of the same notice. */
  readonly id: string;
}

/** A timer on the target that takes the change back by itself, where a provider has one. */
export interface DeadMan {
  /** Answers only when the revert to `before` is durable on the target. Idempotent per run. */
  arm(run: string, state: string, before: BlobHash, seconds: number): Promise<Result<void>>;
  /** Takes the run's own timer away; idempotent, never touches timers of others. */
  disarm(run: string, state: string): Promise<Result<void>>;
  /** Makes the change permanent; idempotent. */
  confirm(run: string, state: string): Promise<Result<'confirmed' | 'already-reverted'>>;
}

/**
 * Everything a run does to the world, as functions the composition root supplies. Each call must
 * end within `deadlineMs`; the driver gives up on it a little later and counts it as failed, or an
 * apply as `unknown`. None of them retries by itself: the engine decides.
 */
export interface RunWorld {
  /** Known other writers of these states. Pure. */
  writers(states: readonly string[]): readonly FrozenWriter[];
  /**
   * Tells the hosts of these states the newest fencing token. From its answer on no apply with an
   * older token is begun or still under way: what is read afterwards stays, whoever died before.
   * Absent where the host takes all calls of a state in turn and dies with its daemon, so that a
   * read never overtakes an older apply.
   */
  fence?(states: readonly string[], token: number, deadlineMs: number): Promise<Result<void>>;
  /** Pauses a writer; idempotent. */
  freeze(writer: FrozenWriter, deadlineMs: number): Promise<Result<void>>;
  /** Lets a writer go on; idempotent, also when it was never paused. */
  thaw(writer: FrozenWriter, deadlineMs: number): Promise<Result<void>>;
  /**
   * Reads the state, probes what the target can do, and checks without effect that every blob of
   * `desired` is there and could be applied.
   */
  preflight(state: string, desired: BlobHash, deadlineMs: number): Promise<Result<Preflight>>;
  /** Reads a state without side effects; fails when any part of it cannot be read. */
  observe(state: string, deadlineMs: number): Promise<Result<StateImage>>;
  /** A state image out of the vault. */
  image(hash: BlobHash): Promise<Result<StateImage>>;
  /** The steps from `now` to `to`, whose blob is `desired`. Pure: the planner's own function. */
  planState(
    state: string,
    now: StateImage,
    to: StateImage,
    desired: BlobHash,
  ): Result<readonly PlanStep[]>;
  /** Captures, seals, makes durable and reads back P; only then does it answer. */
  takeBefore(
    run: string,
    states: readonly string[],
    deadlineMs: number,
  ): Promise<Result<BeforeCheckpoint>>;
  /** Who the target of a state is. Absent: nobody can say, and nothing is refused for it. */
  identify?(state: string, deadlineMs: number): Promise<Result<TargetIdentity>>;
  /**
   * One mutation. `fence` is the run's fencing token; an older one than seen is rejected, and so
   * is a mutation by anybody who is not the `target`.
   */
  apply(
    step: PlanStep,
    fence: number,
    deadlineMs: number,
    target?: ExpectedTarget,
  ): Promise<Result<ApplyOutcome>>;
  /** One round of all checks; a check without an answer is `unknown`. */
  sample(checks: readonly GateCheck[], deadlineMs: number): Promise<readonly ProbeSample[]>;
  /** Tells people; must not block. */
  notify(notice: RunNotice): void;
  /** Absent while no provider has a timer of its own. */
  readonly deadMan?: DeadMan;
}
