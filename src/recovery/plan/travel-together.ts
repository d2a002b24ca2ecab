import { fingerprintOf } from '../../model/checkpoint/capture.ts';
import type { PlanContent } from '../../model/run/plan.ts';
import type { PlanInput, PlanState } from './plan-input.ts';
import { whyLeft } from './why-left.ts';

/**
 * Why a plan would tear a group: a part of it would be restored and another one not. An undo takes
 * back just what its run did, and no run did half of a group.
 */
export function whyTorn(touched: readonly PlanState[], input: PlanInput): string | undefined {
  if (input.direction === 'undo') return undefined;
  for (const { state, related } of touched) {
    for (const other of related) {
      const why = whyMissing(other, input);
      if (why === undefined) continue;
      const group = nameOf(state.id, input);
      return `${state.id} can only be restored together with ${other}${group}, and ${why}`;
    }
  }
  return undefined;
}

/** Why a state would not be as the target has it when the plan is done. */
function whyMissing(id: string, { states, left, target }: PlanInput): string | undefined {
  const unread = left.find(({ state }) => state === id);
  if (unread !== undefined) return unread.why;
  const found = states.find(({ state }) => state.id === id);
  if (found === undefined) return `${target.id} does not hold that`;
  // What is never restored anywhere cannot be waited for, and what is equal already needs nothing.
  if (found.capabilities.comparesOnly === true) return undefined;
  if (fingerprintOf(found.now) === fingerprintOf(found.wanted)) return undefined;
  return whyLeft(found);
}

/**
 * Members that stay as they are because they are as wanted already: that they are is part of what
 * the plan claims of the group. What is never restored anywhere is none of it.
 */
export function companionsOf(
  touched: readonly PlanState[],
  { states, direction }: PlanInput,
): readonly PlanState[] {
  if (direction === 'undo') return [];
  const going = new Set(touched.map(({ state }) => state.id));
  const related = new Set(touched.flatMap((one) => one.related));
  return states.filter(
    ({ state, capabilities }) =>
      related.has(state.id) && !going.has(state.id) && capabilities.comparesOnly !== true,
  );
}

/** The groups that a plan touches. */
export function groupsOf(
  touched: readonly PlanState[],
  { groups = [] }: PlanInput,
): Pick<PlanContent, 'groups'> {
  const going = new Set(touched.map(({ state }) => state.id));
  const named = groups.filter(({ states }) => states.some((id) => going.has(id)));
  return named.length === 0 ? {} : { groups: named };
}

/** What is restored although nobody named it. */
export function groupRisks(input: PlanInput): readonly string[] {
  return (input.added ?? [])
    .toSorted()
    .map(
      (id) =>
        `${id} was not named and is restored, too: it travels with what was${nameOf(id, input)}.`,
    );
}

function nameOf(state: string, { groups = [] }: PlanInput): string {
  const group = groups.find(({ states }) => states.includes(state));
  return group === undefined ? '' : ` (group ${group.name})`;
}
