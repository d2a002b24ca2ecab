import type { Result } from '../base/result.ts';
import type { Log } from '../base/log.ts';
import type { BlobHash, StateImage } from '../model/checkpoint/capture.ts';
import type { ScopeKeys } from '../model/checkpoint/capture-scope.ts';
import type { Change, Disruption } from '../model/checkpoint/change.ts';
import type { StateSpec } from '../model/component/component.ts';
import type { Pause } from '../model/component/pause.ts';
import type { TargetIdentity } from '../model/component/target-identity.ts';
import type { Clock } from './clock.ts';
import type { Converse } from './conversation.ts';
import type { StandardSchema } from './standard-schema.ts';

/** What the engine may expect; it picks its strategy from these, never from the name. */
export interface ProviderCapabilities {
  /** 'none': a torn state is possible, the engine re-reads every item. */
  readonly atomic: 'all' | 'per-item' | 'none';
  /** false: after a crash the engine never drives an unknown step again. */
  readonly idempotent: boolean;
  /** native: a timer on the device; supervisor: our own process on the target; none: ours only. */
  readonly confirm: 'native' | 'supervisor' | 'none';
  /**
   * What the timer outlives: the connection or terminal it was armed from, the daemon with its
   * whole control group, a restart of the target.
   */
  readonly confirmSurvives: readonly ('session' | 'daemon' | 'reboot')[];
  readonly validateOnTarget: boolean;
  readonly exactness: 'bytes' | 'semantic';
  readonly disruption: Disruption;
  readonly partial: boolean;
  readonly offline: boolean;
  readonly dataBearing: boolean;
  /** false: may be compared but not restored, and why. */
  readonly restorable: boolean;
  readonly notRestorableBecause?: string;
  /** What would have to be granted for restoring, where that is all that is missing. */
  readonly lacks?: Lack;
  /** Not restorable because it is meant so: nothing is missing and nothing need be granted. */
  readonly comparesOnly?: true;
}

/** A right that whoever touches the host does not have. */
export type Lack =
  | { readonly access: 'read' | 'write'; readonly path: string }
  /** Only root may, whatever is granted. */
  | { readonly access: 'root' };

/** What a provider may use on the host. Never crosses the wire. */
export interface ProviderIo {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Stores content (at most BLOB_BYTES_MAX a blob). */
  putBlob(bytes: Uint8Array): Promise<Result<BlobHash>>;
  /** Content, compared with its hash; the bytes and their memory are the caller's own. */
  getBlob(hash: BlobHash): Promise<Result<Uint8Array>>;
  /** Those of the hashes that are not stored: content that is there need not be read again. */
  missingBlobs(hashes: readonly BlobHash[]): Promise<Result<ReadonlySet<BlobHash>>>;
  /** Runs a command without a shell, output bounded, killed with its group at the deadline. */
  run(command: readonly string[], options: RunOptions): Promise<Result<RunOutput>>;
  /** Speaks with a command while it runs. */
  readonly converse: Converse;
  /** A small memory that survives restarts and may be lost at any time (a cache of file hashes). */
  readonly cache: {
    get(key: string): Uint8Array | undefined;
    put(key: string, value: Uint8Array): void;
  };
  readonly notes: ProviderNotes;
  /** Room on this host for when a disk is full; absent: none is set aside. */
  readonly spare?: SpareRoom | undefined;
  /** What the configuration calls this host; undefined: it is the daemon's own machine. */
  readonly host: string | undefined;
  /** Whether a program of this host, by its words, is lastgood: to watch it is no change of it. */
  isOurs(words: readonly string[]): boolean;
}

/** Room that is set aside on one file system of a host, for going back when it is full. */
export interface SpareRoom {
  /** What a provider may be given of it, if the file system with this device number has it. */
  bytesOn(device: number): number;
  /** Gives a part of that up; false when there is none. */
  giveUpOn(device: number): boolean;
}

/**
 * A small memory of one state that survives power loss: what must not be forgotten over a crash,
 * such as a restart that is owed because files were already changed. Throws when the disk fails.
 */
export interface ProviderNotes {
  /** The note of a name; undefined when there is none. */
  get(name: string): Promise<string | undefined>;
  /** Keeps a note, durably once this answers; names are lower-case words with dashes. */
  put(name: string, text: string): Promise<void>;
  /** Forgets a note, durably once this answers; idempotent. */
  remove(name: string): Promise<void>;
}

/** How a command is run. */
export interface RunOptions {
  readonly timeoutMs: number;
  readonly input?: Uint8Array;
  readonly cwd?: string;
  /** Added to the small clean environment every command gets. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a command left. A non-zero exit is a value, not a failure. */
export interface RunOutput {
  readonly exitCode: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

/** A captured or observed state. */
export interface Observation {
  readonly image: StateImage;
  /** Paths of the spec that could not be read, with the reason. */
  readonly unreadable: readonly { readonly path: string; readonly why: string }[];
  readonly coverage: { readonly included: readonly string[]; readonly excluded: readonly string[] };
  /**
   * Where what runs and what would run after a restart of the target disagree, in sentences without
   * secrets; absent where they agree, are one, or nobody compared them. A capture compares them.
   */
  readonly drift?: readonly string[];
}

/** What a pure `plan` proposes; the core makes `PlanStep`s of it. */
export interface ProposedStep {
  readonly paths: readonly string[];
  readonly commands: readonly string[];
  readonly disruption: Disruption;
}

/** One mutation of a state. */
export interface ApplyTask {
  readonly desired: StateImage;
  /** The items to bring to the form they have in `desired`; items absent there go. */
  readonly paths: readonly string[];
  /** Fingerprint of the state as it was observed last; another one is somebody else's doing. */
  readonly expects: string;
  /**
   * The run this belongs to. A device that ties its timer to the changes made under it (RFC 6241:
   * `persist-id`) finds the timer by it, and must not move the deadline that `arm` set.
   */
  readonly run?: string;
}

/** A timer to be armed, see `RevertTimer.arm`. */
export interface ArmTask {
  /** Whose timer it is; timers of others are never touched. */
  readonly run: string;
  /** From now until the target goes back; rounded up to what the device can, never down. */
  readonly seconds: number;
  /** P: what the target goes back to, and what it is when it is armed. */
  readonly before: StateImage;
}

/** A timer that runs on a target. */
export interface PendingRevert {
  /** Absent: armed by somebody who is not lastgood. */
  readonly run?: string;
  /** Until it fires, as far as the target tells. */
  readonly seconds?: number;
}

/**
 * A timer on the target itself that takes a change back unless it is confirmed, whoever dies. It is
 * armed before the first mutation and ended in every way a run can end. A provider has one if and
 * only if its `capabilities` say `confirm: 'native'`. All of it runs in the host runner. A failed
 * Result says nothing about the timer: ask again, each method is idempotent for its run.
 */
export interface RevertTimer<Spec> {
  /**
   * Answers only when the way back to `before` is durable on the target and the timer runs. Changes
   * nothing of the state. Fails, and arms nothing, when the device cannot wait that long or when
   * somebody else's timer runs. Armed again for the same run, the first deadline stays.
   */
  arm(spec: Spec, task: ArmTask, io: ProviderIo): Promise<Result<void>>;
  /**
   * Gives a run's timer at least `seconds` from now, durably once it answers; it is never given
   * less than it has, and the content stays as it is. Fails, and leaves the deadline as it is, when
   * the device cannot wait that long and when the timer is over. Absent: the target cannot, and the
   * run is refused more time.
   */
  extend?(spec: Spec, run: string, seconds: number, io: ProviderIo): Promise<Result<void>>;
  /** Every timer that runs on the target, our own and those of others. */
  pending(spec: Spec, io: ProviderIo): Promise<Result<readonly PendingRevert[]>>;
  /**
   * Makes what is there permanent and ends the run's timer. `already-reverted`: it fired, and the
   * state is `before` or on its way there. Said again after it was confirmed: `confirmed`.
   */
  confirm(
    spec: Spec,
    run: string,
    io: ProviderIo,
  ): Promise<Result<'confirmed' | 'already-reverted'>>;
  /**
   * Ends the run's timer, and only that: after it `pending` does not show the run. The engine calls
   * it when the state is `before` again, so a device whose cancel goes back by itself (RFC 6241:
   * `cancel-commit`) may do so. Without a timer of the run it does nothing.
   */
  cancel(spec: Spec, run: string, io: ProviderIo): Promise<Result<void>>;
}

/** How an apply ended. `unknown`: re-read to find out. */
export type Applied =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed-clean'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * One kind of restorable state. `related`, `writers`, `diff` and `plan` are pure and run in the
 * core; everything with an `io` runs in the host runner and is reached by messages. Undo is no
 * second code path: it is `plan(now -> P)` through the same functions.
 */
export interface Provider<Spec> {
  /** The folder's name: `files`. */
  readonly kind: string;
  /** Raised when images of older versions can no longer be compared or restored. */
  readonly version: number;
  readonly specSchema: StandardSchema<Spec>;
  /**
   * Which of its settings say what belongs to the state: a capture remembers them, and a rollback
   * to it touches nothing else. `{}`: no setting does, or nothing of it is ever restored.
   */
  readonly scope: ScopeKeys;
  /** Whether a state of it is a whole machine, on which all stands that speaks there. */
  readonly isMachine: boolean;
  /** A mistake in a state of it may cut the way to whatever stands behind it. */
  readonly carriesTraffic: boolean;

  /** `StateSpec.id`s or components that must be captured and restored together. Pure. */
  related(state: StateSpec, spec: Spec): readonly string[];
  /** Other writers that are known without being configured. Pure. */
  writers(spec: Spec): readonly Pause[];
  /** What going from one image to the other does, per item, in path order. Pure. */
  diff(state: StateSpec, from: StateImage, to: StateImage): readonly Change[];
  /**
   * Shell commands that put an image back by hand, run in the folder that holds `folder`. In it lie
   * the contents as plain files under their paths, absolute ones below `root`. `spec` is absent
   * when the configuration does not name the state any more. Pure.
   */
  byHand(spec: Spec | undefined, image: StateImage, folder: string): readonly string[];
  /** The steps from `now` to `to`, in order; [] when equal. Pure and deterministic. */
  plan(spec: Spec, now: StateImage, to: StateImage): readonly ProposedStep[];

  /** Probed on the real target. */
  capabilities(spec: Spec, io: ProviderIo): Promise<Result<ProviderCapabilities>>;
  /** Who the target is; asked right before every mutation. */
  identify(spec: Spec, io: ProviderIo): Promise<Result<TargetIdentity>>;
  /** Reads without side effects; contents are hashed but not stored. */
  observe(spec: Spec, io: ProviderIo): Promise<Result<Observation>>;
  /** As `observe`, and stores every content as blobs. */
  capture(spec: Spec, io: ProviderIo): Promise<Result<Observation>>;
  /** Checks on the target that `desired` could be applied, without effect; [] when it could. */
  validate(spec: Spec, desired: StateImage, io: ProviderIo): Promise<Result<readonly string[]>>;
  /**
   * Changes the state, but never what somebody else changed since it was observed: it is looked at
   * once more right before the first change, and each item right before its own where there are
   * items. LG_PROVIDER_FOREIGN_CHANGE when it is neither as expected nor as desired; then nothing
   * was changed.
   */
  apply(spec: Spec, task: ApplyTask, io: ProviderIo): Promise<Result<Applied>>;

  /** The target's own timer; absent: the host runner keeps one for it in a process of its own. */
  readonly timer?: RevertTimer<Spec>;
}
