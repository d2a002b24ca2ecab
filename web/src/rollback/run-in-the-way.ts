import type { Run } from '../api/types.ts';

/** What a rollback that might be offered would touch. */
export interface RollbackWish {
  readonly incident?: string | undefined;
  /** Absent where only the plan will tell: then every run is in its way. */
  readonly components?: readonly string[] | undefined;
}

/**
 * The run to look at before another one is planned: it mends the same incident, or may hold states
 * of the same components. What keeps a plan from being applied stands in the plan: `useObstacles`.
 */
export function runInTheWay(runs: readonly Run[], wish: RollbackWish): Run | undefined {
  const { incident, components } = wish;
  return runs.find(
    (run) =>
      components === undefined ||
      run.unread?.holdsAll === true ||
      (incident !== undefined && run.incident === incident) ||
      run.progress.some(({ component }) => components.includes(component)),
  );
}
