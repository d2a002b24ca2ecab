import type { Log } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { parseRfc3339, type TimeNs } from '../../base/time.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { ControlStore } from '../../ports/control-store.ts';
import { isStoredPlan } from './stored-plan.ts';

const PREFIX = 'plan/';

/**
 * Keeps plans until they are applied or too old. A plan is written once and never changed, so that
 * what was looked at is what runs, also after a restart between looking and applying.
 */
export class PlanShelf {
  readonly #store: ControlStore;
  readonly #log: Log;
  readonly #valid = new Map<string, Pick<Plan, 'expiresAt' | 'content'>>();

  constructor(store: ControlStore, log: Log) {
    this.#store = store;
    this.#log = log;
  }

  /** Reads what is on the shelf, and clears what another version wrote. Call once before use. */
  async load(): Promise<Result<void>> {
    const streams = await this.#store.streams(PREFIX);
    if (!streams.ok) return streams;
    for (const stream of streams.value) {
      const read = await this.#store.read(stream);
      if (!read.ok) return read;
      const plan = read.value[0]?.entry;
      if (isStoredPlan(plan)) {
        this.#valid.set(plan.id, plan);
        continue;
      }
      // It would be refused for its age soon, and a run has its own copy.
      const gone = await this.#store.drop(stream);
      if (!gone.ok) return gone;
      this.#log.warn('PlanReadError', { plan: stream.slice(PREFIX.length) });
    }
    return ok(undefined);
  }

  /** Writes a new plan, durably. */
  async put(plan: Plan): Promise<Result<void>> {
    const entry: unknown = JSON.parse(JSON.stringify(plan));
    const written = await this.#store.append(PREFIX + plan.id, 0, [entry as never]);
    if (!written.ok) return written;
    this.#valid.set(plan.id, plan);
    return ok(undefined);
  }

  /** LG_ROLLBACK_PLAN_UNKNOWN when there is none of this id. */
  async get(id: string): Promise<Result<Plan>> {
    const read = await this.#store.read(PREFIX + id);
    if (!read.ok) return read;
    const entry = read.value[0]?.entry;
    if (entry === undefined) return err(lgError('LG_ROLLBACK_PLAN_UNKNOWN', `"${id}"`));
    if (isStoredPlan(entry)) return ok(entry);
    return err(lgError('LG_ROLLBACK_PLAN_UNKNOWN', `"${id}" was written by another version`));
  }

  /** Checkpoints that somebody may still go back to by a plan in hand. */
  targets(): readonly string[] {
    return [...this.#valid.values()].map(({ content }) => content.target);
  }

  /**
   * Drops plans that expired before an instant and answers how many. A run keeps its own copy of
   * its plan in its journal, so nothing that ever ran is lost.
   */
  async drop(before: TimeNs): Promise<Result<number>> {
    let dropped = 0;
    for (const [id, { expiresAt }] of this.#valid) {
      if ((parseRfc3339(expiresAt) ?? before) >= before) continue;
      const gone = await this.#store.drop(PREFIX + id);
      if (!gone.ok) return gone;
      this.#valid.delete(id);
      dropped += 1;
    }
    return ok(dropped);
  }
}
