import type { Result } from '../../base/result.ts';
import type { BlobHash, StateImage } from '../checkpoint/capture.ts';
import type { CheckpointId } from '../checkpoint/checkpoint.ts';
import type { GateCheck, GuardName, PlanStep } from './plan.ts';
import type { PausedWriter, StateTraits } from './run-journal.ts';
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

/** On whose behalf something is done: the run, with the fencing token it has now. */
export interface RunHand {
  readonly run: string;
  readonly fence: number;
}

/** What a timer is armed with. */
export interface TimerOrder {
  readonly state: string;
  /** P, which it goes back to. */
  readonly before: BlobHash;
  /** T: whatever is neither of both, nor a mix of them, is somebody else's. */
  readonly wanted: BlobHash;
  readonly seconds: number;
  readonly target?: ExpectedTarget;
}

/**
 * What takes a change back when this process does not: the target's own timer, or a process beside
 * the host runner where the target has none.
 */
export interface DeadMan {
  /**
   * The run will arm these states soon: what takes time to start is started now. Answers at once; a
   * hint, whose failure nobody notices. Absent: nothing takes time.
   */
  expect?(run: string, states: readonly string[]): void;
  /** The run ended without arming them. A hint, too. */
  forgo?(run: string, states: readonly string[]): void;
  /** Answers only when the revert to `before` is durable on the target. Idempotent per run. */
  arm(by: RunHand, order: TimerOrder): Promise<Result<void>>;
  /**
   * Gives the run's timer at least so many seconds from now: durable once this answers, never less
   * than it has. Fails where the target cannot, or the timer is over.
   */
  extend(by: RunHand, state: string, seconds: number): Promise<Result<void>>;
  /**
   * Takes the run's own timer away; idempotent, never touches timers of others. One that fired is
   * waited for: from the answer on nobody but the run writes.
   */
  disarm(by: RunHand, state: string): Promise<Result<void>>;
  /** Makes the change permanent; idempotent. After `confirmed` the timer never fires. */
  confirm(by: RunHand, state: string): Promise<Result<'confirmed' | 'already-reverted'>>;
  /** The runs whose timers watch over a state; '' for one of somebody who is not lastgood. */
  pending(state: string): Promise<Result<readonly string[]>>;
}

/**
 * Everything a run does to the world, as functions the composition root supplies. Each call must
 * end within `deadlineMs`; the driver gives up on it a little later and counts it as failed, or an
 * apply as `unknown`. None of them retries by itself: the engine decides.
 */
export interface RunWorld {
  /** Known other writers of these states. Pure. */
  writers(states: readonly string[]): readonly PausedWriter[];
  /**
   * Tells the hosts of these states the newest fencing token. From its answer on no apply with an
   * older token is begun or still under way: what is read afterwards stays, whoever died before.
   * A timer of the run goes on for the new token.
   */
  fence(by: RunHand, states: readonly string[], deadlineMs: number): Promise<Result<void>>;
  /**
   * Pauses a writer on behalf of a run; idempotent. After `seconds` it goes on by itself, so that
   * nobody stays paused whoever dies. A fencing token older than seen is rejected: who was
   * overtaken would pause for a run that has ended.
   */
  pause(
    by: RunHand,
    writer: PausedWriter,
    seconds: number,
    deadlineMs: number,
  ): Promise<Result<void>>;
  /** Gives a paused writer at least so many seconds from now; one that was not paused has none. */
  pauseLonger(
    by: RunHand,
    writer: PausedWriter,
    seconds: number,
    deadlineMs: number,
  ): Promise<Result<void>>;
  /**
   * Lets a writer of the run go on; idempotent, also when it was never paused. Nobody is too late
   * for that: whoever stands still for an overtaken run goes on.
   */
  resume(run: string, writer: PausedWriter, deadlineMs: number): Promise<Result<void>>;
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
   * One mutation. A fencing token older than seen is rejected, and so is a mutation by anybody who
   * is not the `target`.
   */
  apply(
    by: RunHand,
    step: PlanStep,
    deadlineMs: number,
    target?: ExpectedTarget,
  ): Promise<Result<ApplyOutcome>>;
  /**
   * One round of all checks; a check without an answer is `unknown`. `ready`: all else that is
   * waited for; who was red by its newest answer a moment ago and says nothing by then is red.
   */
  sample(
    checks: readonly GateCheck[],
    deadlineMs: number,
    ready?: Promise<unknown>,
  ): Promise<readonly ProbeSample[]>;
  /** Asks `reach` probes, each over a new connection; one without an answer is `unknown`. */
  reach(probes: readonly GuardName[], deadlineMs: number): Promise<readonly ProbeSample[]>;
  /** Tells people; must not block. */
  notify(notice: RunNotice): void;
  readonly deadMan: DeadMan;
}
