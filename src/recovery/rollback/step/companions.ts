import type { Reading } from './act.ts';
import type { RunRecord } from './record.ts';
import { statesHeld, statesOf } from './run-states.ts';

/** States that must stay as they are, since they travel with what is changed. */
export function companionsOf(record: RunRecord): readonly string[] {
  const changed = new Set(statesOf(record));
  return statesHeld(record.plan.content).filter((state) => !changed.has(state));
}

/** Those of them that are not as the plan saw them: somebody else has changed them since. */
export function movedCompanions(
  record: RunRecord,
  readings: readonly Reading[],
): readonly string[] {
  const { observed } = record.plan.content;
  return companionsOf(record).filter(
    (state) => readings.find((one) => one.state === state)?.fingerprint !== observed[state],
  );
}

/** Why a run does not go on beside one of them; the set that was good is not there any more. */
export function whyMoved(state: string): string {
  return `${state}, which travels with what was changed, was changed by somebody else`;
}
