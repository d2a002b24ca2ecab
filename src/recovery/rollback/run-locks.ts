import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';

/** Stands for all states there are: of a run of which nobody knows what it holds. */
export const EVERY_STATE = '*';

/**
 * Which run holds which state, from before its journal begins until it has ended; what needs an
 * operator stays locked. One process holds the data directory, so memory is enough here: after a
 * restart the journals tell again who holds what. Other processes are kept out by fencing tokens.
 */
export class RunLocks {
  readonly #holders = new Map<string, string>();

  /** For a run that nobody can read: what it may hold is held, whoever else has come to hold it. */
  seize(run: string, states: readonly string[]): void {
    for (const state of states) this.#holders.set(state, run);
  }

  /** Takes all states for a run or none; taking what the run holds already is fine. */
  take(run: string, states: readonly string[]): Result<void> {
    for (const state of states) {
      const holder = this.#holders.get(EVERY_STATE) ?? this.#holders.get(state);
      if (holder !== undefined && holder !== run) {
        return err(lgError('LG_ROLLBACK_RUN_ACTIVE', `run ${holder} holds ${state}`));
      }
    }
    for (const state of states) this.#holders.set(state, run);
    return ok(undefined);
  }

  /** Lets all states of a run go; idempotent. */
  release(run: string): void {
    for (const [state, holder] of this.#holders) {
      if (holder === run) this.#holders.delete(state);
    }
  }

  /** The run that holds a state. */
  holderOf(state: string): string | undefined {
    return this.#holders.get(EVERY_STATE) ?? this.#holders.get(state);
  }
}
