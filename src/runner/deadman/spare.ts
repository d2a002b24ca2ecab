import { messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { PLAN_VALID_MS } from '../../model/run/plan-time.ts';
import type { Clock } from '../../ports/clock.ts';
import { endProcess, isAlive, type ProcessIdentity } from '../process-table.ts';

/** A dead-man's process that was started before anybody knew of which run it would be. */
export interface SpareProcess {
  readonly process: ProcessIdentity;
  /**
   * Makes it the dead-man of a run, started ahead of its order. False when it cannot be told any
   * more. Without that it ends by itself as soon as we do, and has read and written nothing.
   */
  give(run: string): boolean;
}

/** Starts such a process; undefined when there is none, which the log is told of. */
export type StartSpare = () => SpareProcess | undefined;

/**
 * At most one process that waits for a run to be of: a plan was made, and whoever applies it is not
 * to wait while Node starts. Nothing depends on it: where it is gone, arming starts another one.
 */
export class Spare {
  readonly #start: StartSpare;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #log: Pick<Log, 'warn'>;
  #waiting: SpareProcess | undefined;
  #cancelEnd: (() => void) | undefined;

  constructor(start: StartSpare, clock: Pick<Clock, 'after'>, log: Pick<Log, 'warn'>) {
    this.#start = start;
    this.#clock = clock;
    this.#log = log;
  }

  /** A run may come: one waits from now on, for as long as plans are valid. Never throws. */
  keep(): void {
    this.#cancelEnd?.();
    if (this.#waiting === undefined || !isAlive(this.#waiting.process)) {
      this.#waiting = this.#started();
    }
    this.#cancelEnd = this.#clock.after(PLAN_VALID_MS, () => this.end());
  }

  /** The process that is the run's dead-man from now on; undefined: there is none in waiting. */
  take(run: string): ProcessIdentity | undefined {
    const spare = this.#waiting;
    this.#waiting = undefined;
    this.#cancelEnd?.();
    if (spare === undefined || !isAlive(spare.process)) return undefined;
    if (spare.give(run)) return spare.process;
    endProcess(spare.process);
    return undefined;
  }

  /** No run is expected any more. Idempotent. */
  end(): void {
    this.#cancelEnd?.();
    if (this.#waiting !== undefined) endProcess(this.#waiting.process);
    this.#waiting = undefined;
  }

  #started(): SpareProcess | undefined {
    try {
      return this.#start();
    } catch (thrown) {
      // A full disk, most likely; arming starts one, and tells.
      this.#log.warn('DeadManSpareError', { why: messageOf(thrown) });
      return undefined;
    }
  }
}
