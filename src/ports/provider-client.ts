import type { Result } from '../base/result.ts';
import type { BlobHash } from '../model/checkpoint/capture.ts';
import type { StateSpec } from '../model/component/component.ts';
import type { ExpectedTarget, TargetIdentity } from '../model/component/target-identity.ts';
import type { Applied, Observation, PendingRevert, ProviderCapabilities } from './provider.ts';

/** Somebody who is paused on a host. */
export interface PausedNow {
  /** The run, or the checkpoint being taken, for which it is paused. */
  readonly run: string;
  readonly name: string;
  /** Until it goes on by itself; 0 when it should have. */
  readonly seconds: number;
  /** Why it could not be let go on, where that was tried. */
  readonly problem?: string;
  /** What lets it go on by hand. */
  readonly byHand: string;
}

/** Who calls for something that an overtaken writer must not do. */
export interface RunCaller {
  readonly run: string;
  readonly runToken: number;
}

/** What a capture or an observation answers over the bus; `image` loads with `loadImage`. */
export interface ObservedState {
  /** Of the image, see `fingerprintOf`. */
  readonly fingerprint: string;
  readonly image: BlobHash;
  readonly items: number;
  readonly bytes: number;
  readonly unreadable: Observation['unreadable'];
  readonly coverage: Observation['coverage'];
  readonly drift?: readonly string[];
}

/**
 * Provider calls as the recovery plane makes them; every one is a message to the host runner.
 * Fails with the provider's own error, LG_PROVIDER_TIMEOUT after its deadline, or
 * LG_PROVIDER_TOKEN_STALE when a newer run token was seen.
 */
export interface ProviderClient {
  capabilities(state: StateSpec): Promise<Result<ProviderCapabilities>>;
  identify(state: StateSpec): Promise<Result<TargetIdentity>>;
  /** Looks without storing content: the image names contents that no vault need hold. */
  observe(state: StateSpec): Promise<Result<ObservedState>>;
  /** Stores every content; durable after the vault's `flush`. */
  capture(state: StateSpec): Promise<Result<ObservedState>>;
  /** What stands against applying `desired`, in sentences; [] when nothing does. */
  validate(state: StateSpec, desired: BlobHash): Promise<Result<readonly string[]>>;
  /** The only mutation. A failed Result says nothing about the target: observe it. */
  apply(
    state: StateSpec,
    order: {
      readonly desired: BlobHash;
      readonly paths: readonly string[];
      /** LG_PROVIDER_FOREIGN_CHANGE, and nothing changed, when somebody else was there since. */
      readonly expects: string;
      readonly run?: string;
      readonly runToken: number;
      /** LG_PROVIDER_TARGET_CHANGED when the state's target is another one. */
      readonly target?: ExpectedTarget;
    },
  ): Promise<Result<Applied>>;
  /**
   * Tells the newest token. From the answer on, nothing with an older one is begun or still under
   * way on the state, whoever was at work, a dead-man too.
   */
  fence(state: StateSpec, by: RunCaller): Promise<Result<void>>;
  /**
   * A plan was made that a run may come of: where there is no timer, a process is kept in waiting
   * for as long as plans are valid, and whichever run comes first takes it. A hint.
   */
  foresee(state: StateSpec): Promise<Result<void>>;
  /**
   * A dead-man of the run is about to be armed for the state: its process is started ahead, where
   * there is no timer. A hint; one that is not armed within a minute ends by itself.
   */
  expect(state: StateSpec, by: Pick<RunCaller, 'run'>): Promise<Result<void>>;
  /** None will be: what was started ahead ends. Idempotent; what is armed is left alone. */
  forgo(state: StateSpec, by: Pick<RunCaller, 'run'>): Promise<Result<void>>;
  /** Arms the target's own timer, or a dead-man on its host; see `RevertTimer.arm`. */
  arm(
    state: StateSpec,
    order: RunCaller & {
      readonly desired: BlobHash;
      readonly wanted: BlobHash;
      readonly seconds: number;
      readonly target?: ExpectedTarget;
    },
  ): Promise<Result<void>>;
  /**
   * Gives the run's timer at least so many seconds from now, or with `writer` whoever is paused for
   * it; see `RevertTimer.extend`. LG_PROVIDER_TIMER when the target cannot, or when its time is up.
   */
  extend(
    state: StateSpec,
    order: RunCaller & { readonly seconds: number; readonly writer?: string },
  ): Promise<Result<void>>;
  /** Every timer that watches over a state. */
  pending(state: StateSpec): Promise<Result<readonly PendingRevert[]>>;
  /** See `RevertTimer.confirm`. After `confirmed` no timer of the run writes any more. */
  confirm(state: StateSpec, by: RunCaller): Promise<Result<'confirmed' | 'already-reverted'>>;
  /** See `RevertTimer.cancel`; a dead-man that is at work is waited for. */
  cancel(state: StateSpec, by: RunCaller): Promise<Result<void>>;
  /**
   * Pauses a writer of the state. How it goes on is durable, and a process apart from the daemon
   * watches over it, before it is told: after `seconds` at the latest it goes on, whoever died.
   * Idempotent per run; one that was paused by somebody else already is left alone. Refused with a
   * token that is older than seen for the state; what is frozen for a checkpoint has none.
   */
  pause(
    state: StateSpec,
    order: {
      readonly run: string;
      readonly runToken?: number;
      readonly writer: string;
      readonly seconds: number;
    },
  ): Promise<Result<void>>;
  /**
   * Lets it go on; idempotent, also when it was never paused. `expired`: it went on by itself
   * before, as its time was up.
   */
  resume(
    state: StateSpec,
    order: { readonly run: string; readonly writer: string },
  ): Promise<Result<'resumed' | 'expired'>>;
  /** Who is paused on the host of the state. */
  paused(state: StateSpec): Promise<Result<readonly PausedNow[]>>;
}
