import { statesOf } from '../inventory.ts';
import type { FoundProblem } from '../problem.ts';
import type { Config } from '../schema.ts';

/** Members of groups that nothing bears, or of which there is nothing to bring back. */
export function groupProblems({ checkpoints, components }: Config): readonly FoundProblem[] {
  // Without components it is this host by itself, which is only compared.
  const held = new Map(
    (components ?? []).map(({ name, state }) => [name, statesOf(name, state).map(({ id }) => id)]),
  );
  const states = new Set([...held.values()].flat());
  return checkpoints.groups.flatMap(({ members }, i) =>
    members.flatMap((member, j) => {
      if (states.has(member) || (held.get(member)?.length ?? 0) > 0) return [];
      const path = ['checkpoints', 'groups', i, 'members', j];
      const message = held.has(member)
        ? 'it has no state, so nothing of it could travel; give it one, or leave it out'
        : 'no component or state of this name; write a component, or component/provider';
      return [{ path, message, value: member }];
    }),
  );
}
