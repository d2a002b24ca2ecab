import type { Plan, Run } from '../api/types.ts';
import { useApi } from '../api/use-api.ts';

type Obstacle = NonNullable<Plan['obstacles']>[number];

/** What keeps a plan from being applied, as the daemon sees it. */
interface Obstacles {
  /** The run that carries this very plan out. */
  readonly own: Run | undefined;
  /** All that is in the way but that. */
  readonly others: readonly Obstacle[];
}

/** What is in the way of a plan now: the daemon says it, and refuses for the same. */
export function useObstacles({ id, obstacles = [] }: Plan): Obstacles {
  const status = useApi('status', {});
  const own = status.data?.runs.find(({ plan }) => plan === id);
  return { own, others: obstacles.filter(({ run }) => run === undefined || run !== own?.run) };
}
