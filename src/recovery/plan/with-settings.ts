import type { Component, StateSpec } from '../../model/component/component.ts';
import type { PlanContent } from '../../model/run/plan.ts';

/**
 * A plan with the settings that its run goes by, whatever is configured meanwhile: each component
 * that it touches, asks or has reached, with those of its states that the plan stands on, as
 * `specs` has them.
 */
export function withSettings(
  content: PlanContent,
  components: readonly Component[],
  specs: readonly StateSpec[],
): PlanContent {
  const { observed, steps, checks, reach = [] } = content;
  const held = new Set([...Object.keys(observed), ...steps.map(({ state }) => state)]);
  const byId = new Map(specs.map((spec) => [spec.id, spec]));
  const asked = new Set([...checks, ...reach].map(({ component }) => component));
  const settings = components.flatMap((component): readonly Component[] => {
    const state = component.state
      .filter(({ id }) => held.has(id))
      .map((one) => byId.get(one.id) ?? one);
    return state.length > 0 || asked.has(component.name) ? [{ ...component, state }] : [];
  });
  return { ...content, settings };
}
