import type { GuardName, ReachDemand } from '../../model/run/plan.ts';
import type { PlanState } from './plan-input.ts';

/**
 * What must be reached before a confirm counts: what carries traffic, because a confirm over
 * loopback says nothing of the network, and whatever names a probe by itself.
 */
export function reachDemands(
  touched: readonly PlanState[],
  probes: readonly GuardName[] = [],
): readonly ReachDemand[] {
  const components = [...new Set(touched.map(({ state }) => state.component))].toSorted();
  return components.flatMap((component) => {
    const named = probes.filter((probe) => probe.component === component);
    const carries = touched.some(
      ({ state, carriesTraffic }) => state.component === component && carriesTraffic,
    );
    if (named.length === 0 && !carries) return [];
    return [{ component, probes: named.map(({ check }) => check).toSorted() }];
  });
}

/** Whether every demand can be met by lastgood itself, without a person elsewhere. */
export function isProvable(demands: readonly ReachDemand[]): boolean {
  return demands.every(({ probes }) => probes.length > 0);
}

/** Who has to come from elsewhere should know before the deadline runs. */
export function reachRisks(demands: readonly ReachDemand[]): readonly string[] {
  return demands.flatMap(({ component, probes }) =>
    probes.length > 0
      ? []
      : [
          `${component} carries traffic and names no \`reach\` probe: confirm from another ` +
            'machine, as one from this machine would prove nothing.',
        ],
  );
}
