import { parseRfc3339 } from '../../base/time.ts';
import type { RunEntry } from '../../model/run/run-journal.ts';

/** How long a run took to change what it changed and to check it, and of which components. */
export interface TimeTaken {
  readonly components: readonly string[];
  readonly ms: number;
}

/**
 * Counted as the confirm deadline is. One that ran out of time before it was done took at least all
 * the time it had. Undefined of a run that says nothing about it.
 */
export function timeTaken(entries: readonly RunEntry[]): TimeTaken | undefined {
  const planned = entries.find((one) => one.kind === 'planned');
  const arming = entries.find((one) => one.kind === 'arming');
  if (planned === undefined || arming === undefined) return undefined;
  const healthy = entries.find((one) => one.kind === 'healthy');
  const decided = entries.find((one) => one.kind === 'decided');
  const isLate = decided?.decision === 'EXPIRE';
  const end = healthy ?? (isLate ? decided : undefined);
  const [from, to] = [parseRfc3339(arming.at), end && parseRfc3339(end.at)];
  if (from === undefined || to === undefined || to < from) return undefined;
  const { components } = planned.plan.content;
  const changed = new Set(planned.plan.content.steps.map(({ component }) => component));
  // A wall clock that was set is no long run: nothing waits longer than its deadline.
  const ms = Math.min(Number((to - from) / 1_000_000n), arming.deadline.afterMs);
  return { components: components.filter((name) => changed.has(name)), ms };
}

/** The longest that a run took that changed one of these components; undefined without one. */
export function slowestOf(
  taken: readonly TimeTaken[],
  components: readonly string[],
): number | undefined {
  return taken
    .filter((one) => one.components.some((name) => components.includes(name)))
    .map(({ ms }) => ms)
    .toSorted((a, b) => b - a)[0];
}
