import type { Component } from '../../model/component/component.ts';

/** The order of a plan, and the components that depend on each other in a circle. */
export interface ComponentOrder {
  readonly order: readonly string[];
  readonly circular: readonly string[];
}

/**
 * Orders components: what others stand on comes first, by name where that leaves a choice, so that
 * equal inputs give equal orders. In a circle the first name begins. Undo uses the reverse.
 */
export function orderComponents(
  components: readonly Pick<Component, 'name' | 'dependsOn'>[],
  wanted: readonly string[],
): ComponentOrder {
  const dependsOn = new Map(components.map(({ name, dependsOn }) => [name, dependsOn]));
  const order: string[] = [];
  const circular = new Set<string>();
  const state = new Map<string, 'open' | 'done'>();
  const visit = (name: string): void => {
    if (state.get(name) === 'open') circular.add(name);
    if (state.has(name)) return;
    state.set(name, 'open');
    for (const below of (dependsOn.get(name) ?? []).toSorted()) visit(below);
    state.set(name, 'done');
    order.push(name);
  };
  for (const name of wanted.toSorted()) visit(name);
  const chosen = new Set(wanted);
  return {
    order: order.filter((name) => chosen.has(name)),
    circular: [...circular].toSorted(),
  };
}
