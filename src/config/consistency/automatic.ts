import type { FoundProblem } from '../problem.ts';
import type { Config } from '../schema.ts';

/** Names that `rollback.automatic` can do nothing about. */
export function automaticProblems({ components, rollback }: Config): readonly FoundProblem[] {
  const { automatic } = rollback;
  if (automatic === false) return [];
  const known = (components ?? []).map(({ name }) => name);
  return automatic.components.flatMap((name, i) => {
    const message =
      known.length === 0
        ? 'there is no component; name those of the inventory'
        : `there is no component of this name; known: ${known.toSorted().join(', ')}`;
    const path = ['rollback', 'automatic', 'components', i];
    return known.includes(name) ? [] : [{ path, message, value: name }];
  });
}
