import type { Run } from '../api/types.ts';

/** What a rollback that might be offered would touch. */
export interface RollbackWish {
  readonly incident?: string | undefined;
  /** Absent where only the plan will tell: then every run is in its way. */
  readonly components?: readonly string[] | undefined;
}

/**
 * The run that keeps another one from starting: it mends the same incident, or holds states of the
 * same components. The daemon decides, and refuses; this says so before it does.
 */
export function runInTheWay(runs: readonly Run[], wish: RollbackWish): Run | undefined {
  const { incident, components } = wish;
  return runs.find(
    (run) =>
      components === undefined ||
      (incident !== undefined && run.incident === incident) ||
      run.progress.some(({ component }) => components.includes(component)),
  );
}
