import type { LastgoodError } from '../../../base/error.ts';
import type { JudgeGate } from '../../../model/run/gate.ts';
import type { Instant } from '../../../model/run/instant.ts';
import type { GuardName, PlanStep } from '../../../model/run/plan.ts';
import type {
  Decision,
  Direction,
  PausedWriter,
  RunEntry,
  StateTraits,
} from '../../../model/run/run-journal.ts';
import type {
  ApplyOutcome,
  BeforeCheckpoint,
  Preflight,
  TimerOrder,
} from '../../../model/run/run-world.ts';
import type { RunProgress } from '../../../model/run/run.ts';
import type { ExpectedTarget, TargetIdentity } from '../../../model/component/target-identity.ts';
import type { ProbeSample } from '../../../model/health/verdict.ts';
import type { BlobHash } from '../../../model/checkpoint/capture.ts';
import type { RunRecord } from './record.ts';

/** A run: what is durable, plus the little that may be lost in a crash. */
export interface RunMachine {
  readonly record: RunRecord;
  /** Acts begun so far; numbers the next one, so that answers of dropped acts are told apart. */
  readonly acts: number;
  /** The act whose answer is awaited; at most one. */
  readonly doing?: Doing;
  /** Somebody wants the run to stop; taken at the next instant where nothing is half done. */
  readonly stop?: Stop;
  /** All writing is on hold. */
  readonly held: boolean;
  /** Gate rounds of this phase, newest last, never more than the gate looks at. */
  readonly rounds: readonly (readonly ProbeSample[])[];
  /** When the gate began to sample. */
  readonly gateSince?: Instant;
  /** Since when no check of the gate was anything but green; absent: since it began. */
  readonly heldSince?: Instant;
  /** Failures in a row of what is being tried. */
  readonly tries: number;
  /** Since when nobody answers where the way back goes, and what was done about it. */
  readonly away?: Away;
  /** States known to be back at P in this pass of a revert. */
  readonly back: readonly string[];
  /** The state whose way back was planned last in this pass. */
  readonly undoing?: string;
  /** Undo steps of the state being brought back. */
  readonly queue: readonly PlanStep[];
  /** How much of the confirm deadline people have been told about, percent. */
  readonly noticed: 0 | 50 | 80;
}

/** A host that does not answer. */
export interface Away {
  readonly since: Instant;
  /** When it was asked last. */
  readonly last: Instant;
  readonly pauses: number;
  /** How often people were told. */
  readonly told: number;
}

/** Why a run should stop. */
export interface Stop {
  readonly decision: Exclude<Decision, 'CONFIRM'>;
  readonly why: string;
  readonly by: string;
  readonly code?: string;
}

/** How a run is being ended while timers and writers are let go. */
export interface Closing {
  readonly state: 'COMMITTED' | 'REVERTED' | 'ABORTED' | 'NEEDS_OPERATOR';
  readonly why: string;
  readonly code?: string;
  readonly progress: readonly RunProgress[];
  readonly byHand: readonly string[];
}

/** The act in flight and what its answer is for. */
export interface Doing {
  readonly id: number;
  readonly stage: Stage;
}

/** A step on its way. */
export interface Intended {
  readonly direction: Direction;
  readonly step: PlanStep;
  /** No earlier try of this step is open, which might have left something half done. */
  readonly isFirst: boolean;
}

/** What the awaited answer is for. */
export type Stage =
  | { readonly kind: 'fence' }
  | { readonly kind: 'refence' }
  | { readonly kind: 'pause-writers' }
  | { readonly kind: 'preflight' }
  | { readonly kind: 'baseline'; readonly traits: readonly FoundState[] }
  | {
      readonly kind: 'before';
      readonly traits: readonly FoundState[];
      readonly baseline: readonly ProbeSample[];
    }
  /** P is taken; what travels with it unchanged is read once more. */
  | { readonly kind: 'companions'; readonly prepared: Extract<RunEntry, { kind: 'prepared' }> }
  | { readonly kind: 'arm'; readonly left: readonly string[] }
  | ({ readonly kind: 'check' } & Intended)
  | ({ readonly kind: 'apply' } & Intended)
  | ({ readonly kind: 'reread'; readonly outcome: ApplyOutcome } & Intended)
  | { readonly kind: 'state-verify' }
  | { readonly kind: 'gate-sample' }
  | { readonly kind: 'gate-wait' }
  | { readonly kind: 'watch-wait' }
  | { readonly kind: 'watch-sample' }
  | { readonly kind: 'watch-read' }
  | { readonly kind: 'watch-reach' }
  /** A confirm that is in order but for the proof; `ask` waits for its answer. */
  | { readonly kind: 'reach'; readonly ask: number; readonly by: string }
  | { readonly kind: 'confirm-device'; readonly left: readonly string[] }
  | { readonly kind: 'final-read' }
  | { readonly kind: 'commit-pause' }
  | { readonly kind: 'plan-undo'; readonly state: string }
  | { readonly kind: 'undo-pause' }
  | {
      readonly kind: 'disarm';
      readonly left: readonly string[];
      /** What comes once no timer runs: the last reading, or the way back from the start. */
      readonly then: 'read' | 'plan';
    }
  | { readonly kind: 'back-read' }
  | { readonly kind: 'survey'; readonly why: string }
  | { readonly kind: 'close-disarm'; readonly left: readonly string[]; readonly closing: Closing }
  | { readonly kind: 'close-resume'; readonly closing: Closing }
  | { readonly kind: 'close-pause'; readonly left: readonly string[]; readonly closing: Closing };

/** A state with the traits preflight found. */
export interface FoundState {
  readonly state: string;
  readonly traits: StateTraits;
  readonly target?: TargetIdentity;
}

/** A state as re-read, with the way back to P where that was asked for. */
export interface Reading {
  readonly state: string;
  readonly fingerprint: string;
}

/** One state to plan the way back for. */
export interface UndoQuestion {
  readonly state: string;
  readonly before: BlobHash;
  /** The target's image: a torn state is a mix of both. */
  readonly target: BlobHash;
  /** Paths of a step that may be half done; their content may be anything when not atomic. */
  readonly openPaths: readonly string[];
  readonly traits: StateTraits;
}

/** Where a state is and the steps from there to P. */
export interface UndoAnswer extends Reading {
  /** Every item is as in P or as in the target, or lies under the open paths. */
  readonly mixed: boolean;
  readonly steps: readonly PlanStep[];
}

/** Something to do in the world whose answer comes back as an event. */
export type Act =
  | { readonly kind: 'fence'; readonly states: readonly string[] }
  | {
      readonly kind: 'pause-writers';
      readonly writers: readonly PausedWriter[];
      /** After these they go on, whatever becomes of us. */
      readonly seconds: number;
    }
  | { readonly kind: 'resume-writers'; readonly writers: readonly PausedWriter[] }
  | {
      readonly kind: 'preflight';
      readonly states: readonly { readonly state: string; readonly desired: BlobHash }[];
    }
  | { readonly kind: 'sample' }
  | { readonly kind: 'reach'; readonly probes: readonly GuardName[] }
  | { readonly kind: 'take-before'; readonly states: readonly string[] }
  | { readonly kind: 'arm'; readonly fence: number; readonly order: TimerOrder }
  | { readonly kind: 'disarm'; readonly fence: number; readonly state: string }
  | { readonly kind: 'confirm-device'; readonly fence: number; readonly state: string }
  | { readonly kind: 'observe'; readonly states: readonly string[] }
  | {
      readonly kind: 'apply';
      readonly step: PlanStep;
      readonly fence: number;
      readonly target?: ExpectedTarget;
    }
  | { readonly kind: 'plan-undo'; readonly questions: readonly UndoQuestion[] }
  | { readonly kind: 'pause'; readonly ms: number };

/** What an act gave. `failed` fits every act; an apply that timed out is `applied unknown`. */
export type ActResult =
  | { readonly kind: 'failed'; readonly why: string; readonly code?: string }
  | {
      readonly kind: 'fenced';
      readonly fence: number;
      readonly writers: readonly PausedWriter[];
      /** Who the targets of the states are now, as far as somebody said. */
      readonly targets?: Readonly<Record<string, TargetIdentity>>;
      /** Timers of others that run on the states, in words. */
      readonly strangers?: readonly string[];
    }
  | { readonly kind: 'done' }
  | {
      readonly kind: 'preflighted';
      readonly states: readonly (Preflight & { readonly state: string })[];
    }
  | {
      readonly kind: 'sampled';
      readonly samples: readonly ProbeSample[];
      /** Fresh random words, for the nonce should this round pass the gate. */
      readonly nonce: string;
    }
  | { readonly kind: 'reached'; readonly samples: readonly ProbeSample[] }
  | { readonly kind: 'before-taken'; readonly before: BeforeCheckpoint }
  | { readonly kind: 'device'; readonly state: 'confirmed' | 'already-reverted' }
  | { readonly kind: 'observed'; readonly readings: readonly Reading[] }
  | { readonly kind: 'applied'; readonly outcome: ApplyOutcome }
  | { readonly kind: 'undo-planned'; readonly answers: readonly UndoAnswer[] };

/** What the driver must do, in this order; `append` must be durable before the next is begun. */
export type Effect =
  | { readonly kind: 'append'; readonly entry: RunEntry }
  | { readonly kind: 'act'; readonly id: number; readonly act: Act }
  | { readonly kind: 'notify'; readonly notice: Omit<Notice, 'run'> }
  /** Send a `tick` after this long, in place of any tick asked for before. */
  | { readonly kind: 'wake'; readonly afterMs: number }
  | { readonly kind: 'answer'; readonly ask: number; readonly error?: LastgoodError }
  | { readonly kind: 'unlock' };

interface Notice {
  readonly run: string;
  readonly urgency: 'info' | 'warning' | 'critical';
  readonly title: string;
  readonly text: string;
}

/**
 * How a confirm came: over the network from another machine, from this one, or by a person at the
 * terminal of a run without a daemon, who has no other way.
 */
export type ConfirmWay = 'network' | 'loopback' | 'console';

/** What happens to a run. `ask` names who waits for an `answer`. */
export type RunEvent =
  | { readonly kind: 'acted'; readonly id: number; readonly result: ActResult }
  | { readonly kind: 'tick' }
  | { readonly kind: 'hold'; readonly on: boolean }
  | {
      readonly kind: 'approve';
      readonly ask: number;
      readonly by: string;
      /** The hash of the plan that was looked at, as the caller gives it. */
      readonly planHash: string;
    }
  | {
      readonly kind: 'reject';
      readonly ask: number;
      readonly by: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'confirm';
      readonly ask: number;
      readonly by: string;
      /** SHA-256 of the token given. */
      readonly tokenHash: string;
      readonly nonce: string;
      readonly via: ConfirmWay;
    }
  /** A confirm that was refused is to be kept as a fact. */
  | {
      readonly kind: 'confirm-refused';
      readonly ask: number;
      readonly by: string;
      readonly code: string;
      readonly why: string;
    }
  | { readonly kind: 'cancel'; readonly ask: number; readonly by: string }
  /** Out of NEEDS_OPERATOR: try again to reach P. */
  | { readonly kind: 'resume'; readonly ask: number; readonly by: string }
  /** Out of NEEDS_OPERATOR: accept everything as it is and let the locks go. */
  | {
      readonly kind: 'release';
      readonly ask: number;
      readonly by: string;
      readonly reason: string;
    };

/** Pure functions and the moment: everything a step needs besides state and event. */
export interface StepContext {
  readonly at: Instant;
  readonly judge: JudgeGate;
}

/** What a step gives back. `go`: nothing is awaited, proceed at once in the new phase. */
export interface Stepped {
  readonly machine: RunMachine;
  readonly effects: readonly Effect[];
  readonly go: boolean;
}
