import type { GateCheck } from './plan.ts';
import type { ProbeSample } from '../health/verdict.ts';

/** What the gate judges: the checks, how they were before the run, and the rounds since. */
export interface GateInput {
  readonly checks: readonly GateCheck[];
  /** One round, sampled before anything was changed. */
  readonly baseline: readonly ProbeSample[];
  /** Rounds sampled after the change, oldest first. */
  readonly rounds: readonly (readonly ProbeSample[])[];
  /** How many rounds in a row must be green. */
  readonly samples: number;
}

/**
 * What the gate says. Only `passed` lets a run go on. `failed` turns it back at once: a guard was
 * red for as many rounds in a row as passing takes. `waiting` may still pass, and says what it
 * would fail of if time were up: a guard that is red, a goal that is not green, or missing data.
 */
export type GateJudgement =
  | {
      readonly kind: 'passed';
      /** Whether goals that were red before are green now; absent when there was none. */
      readonly healed?: boolean;
      /** Checks that were red before and are no goals, or lack data for no fault of the run. */
      readonly notJudged: readonly string[];
    }
  | {
      readonly kind: 'failed';
      /** One sentence with the guard and what was seen. */
      readonly why: string;
    }
  | {
      readonly kind: 'waiting';
      readonly because: 'guard-red' | 'goal-not-green' | 'no-data' | 'too-few-rounds';
      /** One sentence with the check and what was seen. */
      readonly why: string;
    };

/** The judgement as a pure function; the gate has the real one. */
export type JudgeGate = (input: GateInput) => GateJudgement;
