import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Plan } from '../../model/plan.ts';
import type { ControlStore } from '../../ports/control-store.ts';

/**
 * Keeps plans until they are applied or too old. A plan is written once and never changed, so that
 * what was looked at is what runs, also after a restart between looking and applying.
 */
export class PlanShelf {
  readonly #store: ControlStore;

  constructor(store: ControlStore) {
    this.#store = store;
  }

  /** Writes a new plan, durably. */
  async put(plan: Plan): Promise<Result<void>> {
    const entry: unknown = JSON.parse(JSON.stringify(plan));
    const written = await this.#store.append(`plan/${plan.id}`, 0, [entry as never]);
    return written.ok ? ok(undefined) : written;
  }

  /** LG_ROLLBACK_PLAN_UNKNOWN when there is none of this id. */
  async get(id: string): Promise<Result<Plan>> {
    const read = await this.#store.read(`plan/${id}`);
    if (!read.ok) return read;
    const entry = read.value[0]?.entry;
    if (entry === undefined) return err(lgError('LG_ROLLBACK_PLAN_UNKNOWN', `"${id}"`));
    // We alone write these streams, and they are authenticated by encryption.
    return ok(entry as unknown as Plan);
  }
}
