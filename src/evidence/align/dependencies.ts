import type { Component } from '../../model/component/component.ts';
import type { Dependency, DependencyWitness } from '../../model/component/dependency.ts';
import type { DependencySeen } from '../../model/evidence/entity-report.ts';
import type { EntityAliases } from './resolve-entity.ts';

/**
 * Declared and seen dependencies together, by name. Where a program runs is told only between
 * components of the inventory: anything else on a machine is no dependency that anybody declares.
 */
export function dependenciesOf(
  components: readonly Pick<Component, 'name' | 'dependsOn'>[],
  seen: readonly DependencySeen[],
  aliases: EntityAliases,
): readonly Dependency[] {
  const names = new Set(components.map(({ name }) => name));
  const named = (name: string): string => (names.has(name) ? name : (aliases.get(name) ?? name));
  const edges = new Map<string, { readonly from: string; readonly to: string }>();
  const declared = new Set<string>();
  const witnesses = new Map<string, Map<string, DependencyWitness>>();
  for (const { name: from, dependsOn } of components) {
    for (const to of dependsOn) {
      declared.add(keyOf(from, to));
      edges.set(keyOf(from, to), { from, to });
    }
  }
  for (const one of seen) {
    const from = named(one.from);
    const to = named(one.to);
    const isOutside = one.origin === 'placement' && !(names.has(from) && names.has(to));
    if (from === to || isOutside) continue;
    const key = keyOf(from, to);
    edges.set(key, { from, to });
    const byOrigin = witnesses.get(key) ?? new Map<string, DependencyWitness>();
    byOrigin.set(one.origin, joined(byOrigin.get(one.origin), one));
    witnesses.set(key, byOrigin);
  }
  const list = [...edges].map(([key, ends]): Dependency => {
    const found = [...(witnesses.get(key)?.values() ?? [])];
    const isDeclared = declared.has(key);
    const base = { ...ends, declared: isDeclared, seen: found };
    if (isDeclared && found.length > 0) return base;
    return { ...base, gap: isDeclared ? 'never seen' : 'not declared' };
  });
  return list.toSorted((a, b) => (keyOf(a.from, a.to) < keyOf(b.from, b.to) ? -1 : 1));
}

/** One component may have been seen under two of its names. */
function joined(before: DependencyWitness | undefined, seen: DependencySeen): DependencyWitness {
  const { origin, count, since, lastAt } = seen;
  if (before === undefined) return { origin, count, since, lastAt };
  return {
    origin,
    count: before.count + count,
    since: before.since < since ? before.since : since,
    lastAt: before.lastAt > lastAt ? before.lastAt : lastAt,
  };
}

function keyOf(from: string, to: string): string {
  return `${from}\n${to}`;
}
