import type { DependencyOrigin } from '../evidence/entity-report.ts';

/** What shows that a dependency is real. */
export interface DependencyWitness {
  readonly origin: DependencyOrigin;
  readonly count: number;
  readonly since: string;
  readonly lastAt: string;
}

/** That one component needs another: because somebody wrote it, because it was seen, or both. */
export interface Dependency {
  readonly from: string;
  readonly to: string;
  /** It stands under `dependsOn`, which is what a rollback goes by. */
  readonly declared: boolean;
  readonly seen: readonly DependencyWitness[];
  /** Declared and never seen, or seen and not declared; absent where both agree. */
  readonly gap?: 'never seen' | 'not declared';
}
