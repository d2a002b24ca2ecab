import { sha256 } from '../../../base/hash.ts';
import type { GateCheck, PlanBatch, PlanContent } from '../../../model/run/plan.ts';
import type { RunRecord } from './record.ts';

/** The batches of a plan; one of an older version has none and is a single one. */
export function batchesOf({ batches, components, steps }: PlanContent): readonly PlanBatch[] {
  const whole = { components, steps: steps.map(({ id }) => id), soakMs: 0, jitterMs: 0 };
  return batches ?? [whole];
}

/** The batch that is changed or watched now; the last one once all have passed. */
export function batchNow({ plan, passed }: RunRecord): {
  readonly batch: PlanBatch;
  /** 1, 2, … */
  readonly number: number;
  readonly of: number;
} {
  const batches = batchesOf(plan.content);
  const at = Math.min(passed, batches.length - 1);
  const batch = batches[at];
  if (batch === undefined) throw new Error('broken invariant: a plan has a batch');
  return { batch, number: at + 1, of: batches.length };
}

/** Whether every step of a batch is done and others are still to come: time to look at it. */
export function isBatchDone(record: RunRecord): boolean {
  const batches = batchesOf(record.plan.content);
  if (record.passed >= batches.length - 1) return false;
  const begun = batches.slice(0, record.passed + 1);
  return record.done >= begun.reduce((sum, { steps }) => sum + steps.length, 0);
}

/** The states that were changed so far; all of them from VERIFYING on. */
export function statesSoFar(record: RunRecord): readonly string[] {
  const coming = comingComponents(record);
  const changed = record.plan.content.steps.filter(({ component }) => !coming.has(component));
  return [...new Set(changed.map(({ state }) => state))];
}

/**
 * The checks that can be judged now. While batches are still to come these are the guards of
 * whatever was changed or is left alone: a goal needs the whole, and what is still to be changed
 * may well be red beside a half that it does not fit (Knight).
 */
export function checksNow(record: RunRecord): readonly GateCheck[] {
  const { checks } = record.plan.content;
  const coming = comingComponents(record);
  if (coming.size === 0) return checks;
  return checks.filter(({ role, component }) => role === 'guard' && !coming.has(component));
}

/**
 * For how long the guards of a batch must hold. The jitter keeps many runs from acting in step; it
 * follows from the plan's hash, so that the plan stays a value.
 */
export function holdMs(batch: PlanBatch, number: number, planHash: string): number {
  const { soakMs, jitterMs } = batch;
  const drawn = Number.parseInt(sha256(`${planHash} batch ${number}`).slice(0, 8), 16);
  return soakMs + (drawn % (jitterMs + 1));
}

/** Components of the batches after the present one; none from VERIFYING on. */
function comingComponents({ plan, passed, phase }: RunRecord): ReadonlySet<string> {
  if (phase !== 'APPLYING') return new Set();
  const coming = batchesOf(plan.content).slice(passed + 1);
  return new Set(coming.flatMap(({ components }) => components));
}
