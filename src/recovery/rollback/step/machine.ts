import type { JudgeGate } from '../../../model/run/gate.ts';
import type { Deadline, Instant } from '../../../model/run/instant.ts';
import type { PlanStep } from '../../../model/run/plan.ts';
import type { Decision, Direction, RunEntry, StateTraits } from '../../../model/run/run-journal.ts';
import type { ApplyOutcome } from '../../../model/run/run-world.ts';
import type { RunProgress } from '../../../model/run/run.ts';
import type { TargetIdentity } from '../../../model/component/target-identity.ts';
import type { ProbeSample } from '../../../model/health/verdict.ts';
import type { RunRecord } from './record.ts';
import type { Effect } from './event.ts';

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
  | { readonly kind: 'before'; readonly traits: readonly FoundState[] }
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
  /** The timers are told of a later deadline; `ask` waits for its answer. */
  | {
      readonly kind: 'extend';
      readonly ask: number;
      readonly by: string;
      readonly until: Deadline;
    }
  | { readonly kind: 'confirm-device'; readonly left: readonly string[] }
  | { readonly kind: 'final-read' }
  | { readonly kind: 'final-companions' }
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
