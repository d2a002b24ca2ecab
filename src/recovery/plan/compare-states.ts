import type { StateImage } from '../../model/checkpoint/capture.ts';
import { sameItem } from '../../model/checkpoint/same-item.ts';
import type { ComparedState } from '../../model/run/plan.ts';
import type { PlanInput } from './plan-input.ts';
import { whyLeft } from './why-left.ts';

/**
 * What a plan leaves alone: how many items of each state are as wanted already, and the states
 * that stay otherwise than the target has them, with the reason.
 */
export function compareStates({ states, left }: PlanInput): readonly ComparedState[] {
  const compared = states.map((one): ComparedState => {
    const { equal, differing } = count(one.now, one.wanted);
    const why = differing === 0 ? undefined : whyLeft(one);
    const state = one.state.id;
    return why === undefined ? { state, equal } : { state, equal, left: why };
  });
  const unread = left.map(({ state, why }) => ({ state, equal: 0, left: why }));
  return [...compared, ...unread].toSorted((a, b) => (a.state < b.state ? -1 : 1));
}

function count(now: StateImage, wanted: StateImage): { equal: number; differing: number } {
  const before = new Map(now.items.map((item) => [item.path, item]));
  const equal = wanted.items.filter((item) => sameItem(before.get(item.path), item)).length;
  return { equal, differing: Math.max(now.items.length, wanted.items.length) - equal };
}
