import type { PlanObstacle } from '../../api/contract.ts';

/** More than anybody makes in the time that one is good for. */
const PLANS_MAX = 100;

/**
 * What the targets would not have taken when each of the newest plans was made. Whoever looks at a
 * plan later is told that: its page is read again and again, and the targets shall have their rest.
 */
export class RefusedPlans {
  readonly #found = new Map<string, readonly PlanObstacle[]>();

  /** Keeps what was found when a plan was made. */
  keep(plan: string, found: readonly PlanObstacle[]): void {
    if (found.length === 0) return;
    const [oldest] = this.#found.keys();
    if (oldest !== undefined && this.#found.size >= PLANS_MAX) this.#found.delete(oldest);
    this.#found.set(plan, found);
  }

  /** [] where nothing was found, or it is too long ago. */
  of(plan: string): readonly PlanObstacle[] {
    return this.#found.get(plan) ?? [];
  }
}
