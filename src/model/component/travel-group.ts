/** States that are captured in one pass, and restored together or not at all. */
export interface TravelGroup {
  /** As the configuration calls it; of several that share a member, `a and b`. */
  readonly name: string;
  /** `StateSpec.id`s. */
  readonly states: readonly string[];
}

/**
 * Joins groups that share a member: what travels with one of them travels with the other. States
 * come in order, and so do the groups, so that equal inputs give equal groups. Pure.
 */
export function joinedGroups(groups: readonly TravelGroup[]): readonly TravelGroup[] {
  const joined: { names: Set<string>; states: Set<string> }[] = [];
  for (const { name, states } of groups) {
    const next = { names: new Set([name]), states: new Set(states) };
    for (const other of joined.filter((one) => states.some((state) => one.states.has(state)))) {
      for (const known of other.names) next.names.add(known);
      for (const known of other.states) next.states.add(known);
      joined.splice(joined.indexOf(other), 1);
    }
    joined.push(next);
  }
  return joined
    .map((one) => ({
      name: [...one.names].toSorted().join(' and '),
      states: [...one.states].toSorted(),
    }))
    .filter(({ states }) => states.length > 1)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
