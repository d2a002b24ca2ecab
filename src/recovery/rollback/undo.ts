import type { GuardName, Plan, PlanContent } from '../../model/run/plan.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { RunView } from '../../model/run/run.ts';
import type { RunRecord } from './step/record.ts';
import { statesOf, wantedFingerprint } from './step/run-states.ts';

/** What a run that is undone knows of its own. */
export interface UndoneRun {
  /** Checks that were red before it. */
  readonly redBefore: readonly GuardName[];
  /** What it went by, and its undo does. */
  readonly settings: PlanContent['settings'];
}

/** Makes the plan that undoes a run. */
export type PlanUndo = (view: RunView, undone: UndoneRun) => Promise<Result<Plan>>;

/** What a run hands to whoever plans its undo. */
export function undoneRun(record: RunRecord): UndoneRun {
  return { redBefore: redBefore(record), settings: record.plan.content.settings };
}

/**
 * Refuses with LG_ROLLBACK_UNDO_IMPOSSIBLE a plan that does not take back what a COMMITTED run
 * left: a state changed since then would be somebody's work.
 */
export function requireUndoable(record: RunRecord, plan: Plan): Result<Plan> {
  const why = whyNotUndoable(record, plan);
  if (why === undefined) return ok(plan);
  return err(lgError('LG_ROLLBACK_UNDO_IMPOSSIBLE', `run ${record.run}: ${why}`));
}

function whyNotUndoable(record: RunRecord, plan: Plan): string | undefined {
  if (record.phase !== 'COMMITTED') return `it is ${record.phase}; only COMMITTED can be undone`;
  if (plan.undoOf !== record.run) return `the plan undoes ${plan.undoOf ?? 'nothing'}`;
  if (plan.content.target !== record.before?.checkpoint) {
    return `the plan goes to ${plan.content.target}, not to ${record.before?.checkpoint ?? 'P'}`;
  }
  for (const [state, fingerprint] of Object.entries(plan.content.observed)) {
    if (!statesOf(record).includes(state)) return `it did not touch ${state}`;
    if (fingerprint !== wantedFingerprint(record, state)) return `${state} has changed since`;
  }
  return undefined;
}

/** The checks that were red in P: going back there is no promise that they are green. */
export function redBefore({ before }: RunRecord): readonly GuardName[] {
  const red = (before?.baseline ?? []).filter(({ color }) => color === 'red');
  return red.map(({ check, component }) => ({ check, component }));
}
