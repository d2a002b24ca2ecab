import type { Status } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';
import { componentHealth, type ComponentHealth } from './component-health.ts';

const RANK = { bad: 0, warn: 1, busy: 2, quiet: 3, good: 4 } as const;

/** How every component stands now, the broken ones first. */
export function useComponentHealth(
  status: Status | undefined,
  now: number,
): readonly ComponentHealth[] {
  const components = useApi('componentList', {}, { everyMs: 30_000 });
  const triggers = useApi('triggerList', {}, { everyMs: 5_000 });
  const all = componentHealth(
    components.data?.components ?? [],
    triggers.data?.triggers ?? [],
    status,
    now,
  );
  return all.toSorted((a, b) => RANK[a.tone] - RANK[b.tone]);
}
