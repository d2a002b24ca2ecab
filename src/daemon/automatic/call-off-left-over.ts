import type { Incident } from '../../model/incident/incident.ts';
import type { RunView } from '../../model/run/run.ts';
import { findLeftOver } from '../../recovery/automatic/left-over.ts';
import type { AttemptLog } from './attempt-log.ts';
import type { AutomaticCore } from './automatic-core.ts';

/** The runs are read again so often, until they can be. */
const READ_AGAIN_MS = 10_000;

/**
 * Calls off what a daemon before this one announced, and what could not be called off durably
 * before: left alone, either would keep every other incident waiting.
 */
export class LeftOverDuty {
  readonly #core: AutomaticCore;
  readonly #attempts: AttemptLog;
  #isRunsKnown = false;
  #readAtMs: number | undefined;

  constructor(core: AutomaticCore, attempts: AttemptLog) {
    this.#core = core;
    this.#attempts = attempts;
  }

  /** All but the one incident whose announcement is ours. */
  async look(mine: string | undefined): Promise<void> {
    const all = this.#core.incidents.list().filter(({ id }) => id !== mine);
    for (const { incident, why } of findLeftOver(all, await this.#runsOnce(all))) {
      await this.#attempts.callOff(incident, why);
    }
  }

  /** All runs, once after the start and where it matters; undefined: not known, or not now. */
  async #runsOnce(incidents: readonly Incident[]): Promise<readonly RunView[] | undefined> {
    const { rollbacks, log, clock } = this.#core;
    const isInDoubt = findLeftOver(incidents, []).length > 0;
    const now = clock.uptimeMs();
    const isSoon = this.#readAtMs !== undefined && now - this.#readAtMs < READ_AGAIN_MS;
    if (this.#isRunsKnown || !isInDoubt || isSoon) return undefined;
    this.#readAtMs = now;
    const listed = await rollbacks.listWithUnread();
    if (!listed.ok) return undefined;
    this.#isRunsKnown = true;
    const { runs, unread } = listed.value;
    if (unread.length === 0) return runs;
    // The run in doubt may be one of these: that it never began would be a guess.
    log.warn('AutomaticRunsReadError', { unread: unread.length });
    return undefined;
  }
}
