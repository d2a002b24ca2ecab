import type { PlanBatch, PlanContent, PlanStep } from '../../model/run/plan.ts';
import type { BatchSettings, PlanState } from './plan-input.ts';

/**
 * Cuts a plan into batches, in its own order: a canary, which nothing of the plan stands beneath,
 * then the rest. A component is never cut in two, nor is what can only be restored together; what
 * the order has between two such components goes with them, so that the order stays as it is.
 */
export function makeBatches(
  touched: readonly PlanState[],
  steps: readonly PlanStep[],
  settings: BatchSettings,
): readonly PlanBatch[] {
  const names = [...new Set(touched.map(({ state }) => state.component))];
  const bound = boundToNext(names, touched);
  const groups: string[][] = [];
  let group: string[] = [];
  for (const [at, name] of names.entries()) {
    group.push(name);
    if (group.length < sizeOf(groups.length, settings) || bound.has(at)) continue;
    groups.push(group);
    group = [];
  }
  if (group.length > 0) groups.push(group);
  return groups.map((components, at) => {
    const own = steps.filter(({ component }) => components.includes(component));
    const isLast = at === groups.length - 1;
    const { soakMs, jitterMs } = isLast ? NOT_WATCHED : settings;
    return { components, steps: own.map(({ id }) => id), soakMs, jitterMs };
  });
}

/**
 * How long judging the batches and the whole takes at least, in milliseconds: every one before the
 * last is watched for its soak and jitter or for the gate's rounds, whichever is longer.
 */
export function watchingMs(
  batches: readonly PlanBatch[],
  { samples, intervalMs }: PlanContent['gate'],
): number {
  const roundsMs = (samples - 1) * intervalMs;
  const each = batches.map(({ soakMs, jitterMs }) => Math.max(roundsMs, soakMs + jitterMs));
  return each.reduce((sum, ms) => sum + ms, 0);
}

/** The whole gate judges what the last batch completes. */
const NOT_WATCHED = { soakMs: 0, jitterMs: 0 } as const;

function sizeOf(batch: number, { canary, size }: BatchSettings): number {
  if (batch === 0 && canary > 0) return canary;
  return size === 'all' ? Infinity : size;
}

/** Places in the order after which no cut may be: something before and after belongs together. */
function boundToNext(names: readonly string[], touched: readonly PlanState[]): ReadonlySet<number> {
  const places = new Map(
    touched.map(({ state }) => [state.id, names.indexOf(state.component)] as const),
  );
  const bound = new Set<number>();
  for (const { state, related } of touched) {
    const own = places.get(state.id) ?? 0;
    for (const name of related) {
      const other = places.get(name) ?? own;
      for (let at = Math.min(own, other); at < Math.max(own, other); at += 1) bound.add(at);
    }
  }
  return bound;
}
