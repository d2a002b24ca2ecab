import type { GuardName, PlanStep } from '../../../model/run/plan.ts';
import type { PausedWriter, StateTraits } from '../../../model/run/run-journal.ts';
import type {
  ApplyOutcome,
  BeforeCheckpoint,
  Preflight,
  TimerOrder,
} from '../../../model/run/run-world.ts';
import type { ExpectedTarget, TargetIdentity } from '../../../model/component/target-identity.ts';
import type { ProbeSample } from '../../../model/health/verdict.ts';
import type { BlobHash } from '../../../model/checkpoint/capture.ts';

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
      readonly fence: number;
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
  /** Seals P and, beside it, asks the checks as they are before anything is changed. */
  | { readonly kind: 'take-before'; readonly states: readonly string[] }
  | { readonly kind: 'arm'; readonly fence: number; readonly order: TimerOrder }
  | { readonly kind: 'disarm'; readonly fence: number; readonly state: string }
  | { readonly kind: 'confirm-device'; readonly fence: number; readonly state: string }
  /** Gives all of these timers and writers at least so long from now. */
  | {
      readonly kind: 'extend';
      readonly fence: number;
      readonly states: readonly string[];
      readonly writers: readonly PausedWriter[];
      readonly seconds: number;
      readonly pausedSeconds: number;
    }
  | { readonly kind: 'observe'; readonly states: readonly string[] }
  | {
      readonly kind: 'apply';
      readonly step: PlanStep;
      readonly fence: number;
      readonly target?: ExpectedTarget;
    }
  | { readonly kind: 'plan-undo'; readonly questions: readonly UndoQuestion[] }
  /** `since`: counted from when the checks were asked last, as far as that was less long ago. */
  | { readonly kind: 'pause'; readonly ms: number; readonly since?: 'sample' };

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
  | {
      readonly kind: 'before-taken';
      readonly before: BeforeCheckpoint;
      readonly baseline: readonly ProbeSample[];
    }
  | { readonly kind: 'device'; readonly state: 'confirmed' | 'already-reverted' }
  | { readonly kind: 'observed'; readonly readings: readonly Reading[] }
  | { readonly kind: 'applied'; readonly outcome: ApplyOutcome }
  | { readonly kind: 'undo-planned'; readonly answers: readonly UndoAnswer[] };
