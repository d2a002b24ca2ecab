import type { Reference } from '../../model/checkpoint/checkpoint.ts';
import type { Component, StateSpec } from '../../model/component/component.ts';

/** Who is read before whom, so that nothing refers to what was not there yet. */
export interface CaptureOrder {
  /** Whoever refers to others comes before them. */
  readonly states: readonly StateSpec[];
  /** Components that refer to others, directly or by way of what is not captured. */
  readonly references: readonly Reference[];
}

/**
 * Orders states for what cannot be caught standing still (level L2, recovery.md 4.1): the referring
 * side first, so that what it refers to is in what is read later, unless it was removed in between.
 * Undefined where the inventory knows no such order: nothing refers to anything, or in a circle.
 * Pure.
 */
export function captureOrder(
  states: readonly StateSpec[],
  components: readonly Pick<Component, 'name' | 'dependsOn'>[],
): CaptureOrder | undefined {
  const needs = new Map(components.map(({ name, dependsOn }) => [name, dependsOn]));
  const names = [...new Set(states.map(({ component }) => component))].toSorted();
  const held = new Set(names);
  const references = names.flatMap((from) =>
    reached(from, needs, held).map((to) => ({ from, to })),
  );
  if (references.length === 0) return undefined;
  const order = ordered(names, references);
  if (order === undefined) return undefined;
  const place = new Map(order.map((name, at) => [name, at]));
  const at = ({ component }: StateSpec): number => place.get(component) ?? 0;
  return { states: states.toSorted((a, b) => at(a) - at(b)), references };
}

/** The next captured components below one; those that are not captured are looked through. */
function reached(
  from: string,
  needs: ReadonlyMap<string, readonly string[]>,
  held: ReadonlySet<string>,
): readonly string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const open = [...(needs.get(from) ?? [])];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (held.has(name)) found.add(name);
    else open.push(...(needs.get(name) ?? []));
  }
  return [...found].toSorted();
}

/** Takes whoever nobody left refers to, again and again; undefined when some refer in a circle. */
function ordered(
  names: readonly string[],
  references: readonly Reference[],
): readonly string[] | undefined {
  const order: string[] = [];
  const left = new Set(names);
  while (left.size > 0) {
    const next = [...left].find(
      (name) => !references.some(({ from, to }) => to === name && left.has(from)),
    );
    if (next === undefined) return undefined;
    left.delete(next);
    order.push(next);
  }
  return order;
}
