import { assert } from '../../../base/assert.ts';
import type { BlobHash } from '../../../model/checkpoint/capture.ts';
import type { PlanContent } from '../../../model/run/plan.ts';
import type { PreparedState } from '../../../model/run/run-journal.ts';
import type { RunRecord } from './record.ts';

/** The states a plan changes, in the order of its steps. */
export function statesOf(record: RunRecord): readonly string[] {
  return [...new Set(record.plan.content.steps.map(({ state }) => state))];
}

/** Every state that a plan stands on: what it changes, and what travels with that unchanged. */
export function statesHeld({ observed, steps }: PlanContent): readonly string[] {
  return [...new Set([...steps.map(({ state }) => state), ...Object.keys(observed)])];
}

/** The fingerprint a state has once all its steps are done. */
export function wantedFingerprint(record: RunRecord, state: string): string {
  return lastStep(record, state).becomes;
}

/** The image the state is brought to. */
export function targetImage(record: RunRecord, state: string): BlobHash {
  return lastStep(record, state).desired;
}

/** The state as it was prepared. Throws before `prepared`: nothing may ask for it then. */
export function preparedState(record: RunRecord, state: string): PreparedState {
  const found = record.before?.states.find((prepared) => prepared.state === state);
  assert(found !== undefined, `state ${state} was not prepared`);
  return found;
}

/** The component of a state. */
export function componentOf(record: RunRecord, state: string): string {
  return lastStep(record, state).component;
}

function lastStep(record: RunRecord, state: string): RunRecord['plan']['content']['steps'][number] {
  const step = record.plan.content.steps.findLast((one) => one.state === state);
  assert(step !== undefined, `the plan has a step for ${state}`);
  return step;
}
