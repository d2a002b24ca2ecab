import type { Unit } from './units.ts';

/** How much later a part may diverge and still explain the whole: stamps are of milliseconds. */
const SLACK_MS = 1;

/**
 * Which units go another way only because a part of them did: a whole that diverges no earlier than
 * one of its parts is explained by it. Without spans the earliest divergence of a trace explains
 * the others.
 */
export function explainedBy(
  units: readonly Unit[],
  divergedAt: ReadonlyMap<number, number>,
): (unit: number, atMs: number) => boolean {
  const below = new Map<number, number>();
  const inTrace = new Map<number, { at: number; unit: number }>();
  for (const [unit, at] of divergedAt) {
    const seen = new Set<number>([unit]);
    for (let up = units[unit]?.parent ?? -1; up >= 0 && !seen.has(up);) {
      seen.add(up);
      below.set(up, Math.min(below.get(up) ?? Number.POSITIVE_INFINITY, at));
      up = units[up]?.parent ?? -1;
    }
    const trace = units[unit]?.trace ?? 0;
    const first = inTrace.get(trace);
    if (first === undefined || at < first.at) inTrace.set(trace, { at, unit });
  }
  const hasParts = units.some(({ parent }) => parent >= 0);
  return (unit, atMs) => {
    if (hasParts) return (below.get(unit) ?? Number.POSITIVE_INFINITY) <= atMs + SLACK_MS;
    const first = inTrace.get(units[unit]?.trace ?? 0);
    return first !== undefined && first.unit !== unit && first.at <= atMs;
  };
}
