import type { OnSilence } from '../../../src/model/run/plan.ts';
import type { StateTraits } from '../../../src/model/run/run-journal.ts';

/** `pre` before the run, `mid` after one of two steps, `tgt` wanted, `ext` somebody else's. */
export type Word = 'pre' | 'mid' | 'tgt' | 'torn' | 'ext';

/** One state of a small world. */
export interface SmallState {
  readonly name: string;
  readonly traits: StateTraits;
  /** 1: pre to tgt; 2: over mid. */
  readonly steps: 1 | 2;
}

/** What a small world allows; everything that may happen does happen somewhere in it. */
export interface SmallSetup {
  readonly states: readonly SmallState[];
  readonly crashes: number;
  readonly foreign: number;
  readonly onSilence: OnSilence;
  /** A goal that is sick before; samples afterwards may be green or red. */
  readonly withGoal: boolean;
  readonly withWriter: boolean;
  readonly withHold: boolean;
  readonly withApproval: boolean;
  /** What is changed must be reached before a confirm counts; every look may be green or red. */
  readonly withReach?: boolean;
  /** Once an act fails: it never arrived, its host is away, or only its answer was lost. */
  readonly withRefusals: boolean;
  /** Whoever decides asks for more time once. */
  readonly withMoreTime?: boolean;
  /** Every state is a batch of its own, with a guard beside the goal. */
  readonly withBatches?: boolean;
  /** Once another daemon takes over while the last one is only stopped: it wakes up beside it. */
  readonly withOvertaking?: boolean;
  /** Timers fire whenever they like: clocks are wrong, devices are restarted. */
  readonly earlyTimer?: boolean;
  /** The wall clock is set forward or back once, and the machine is restarted once. */
  readonly withClocks?: boolean;
  /** A state that travels with the others unchanged. */
  readonly withCompanion?: boolean;
  /** P can be lost after it was taken. */
  readonly losesP?: boolean;
  /** No timer can be taken away until somebody who was called has mended that. */
  readonly stuckTimers?: boolean;
  /** Whoever is called tries again once. */
  readonly withResume?: boolean;
  /** Rounds in a row that the gate asks for; 1 unless told. */
  readonly rounds?: number;
}

/** A world without troubles but a crash and one change by somebody else. */
export const PLAIN: Omit<SmallSetup, 'states'> = {
  crashes: 1,
  foreign: 1,
  onSilence: 'revert',
  withGoal: false,
  withWriter: false,
  withHold: false,
  withApproval: false,
  withRefusals: false,
};

export const file: SmallState = {
  name: 'A',
  steps: 1,
  traits: { atomic: 'all', idempotent: true, confirm: 'none' },
};
export const device: SmallState = {
  name: 'B',
  steps: 1,
  traits: { atomic: 'all', idempotent: true, confirm: 'native' },
};
export const script: SmallState = {
  name: 'C',
  steps: 1,
  traits: { atomic: 'none', idempotent: false, confirm: 'none' },
};
export const longer: SmallState = {
  name: 'D',
  steps: 2,
  traits: { atomic: 'per-item', idempotent: true, confirm: 'none' },
};
export const watched: SmallState = {
  name: 'W',
  steps: 1,
  traits: { atomic: 'per-item', idempotent: true, confirm: 'supervisor' },
};
export const watchedScript: SmallState = {
  name: 'X',
  steps: 1,
  traits: { atomic: 'none', idempotent: false, confirm: 'supervisor' },
};
