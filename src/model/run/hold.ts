import { isTerminal, type RunView } from './run.ts';

/** Whether every write by lastgood is stopped, as it is shown. */
export interface HoldView {
  readonly on: boolean;
  readonly reason?: string;
  readonly by?: string;
  readonly since?: string;
  /** Runs whose revert timers are still armed. */
  readonly armed: readonly string[];
}

/** The runs whose timers go back at the deadline, hold or not: armed, and not at their end. */
export function armedRuns(
  runs: readonly Pick<RunView, 'run' | 'state' | 'deadline'>[],
): readonly string[] {
  return runs
    .filter(({ state, deadline }) => deadline !== undefined && !isTerminal(state))
    .map(({ run }) => run);
}
