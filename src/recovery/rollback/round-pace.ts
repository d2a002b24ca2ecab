import type { Act } from './step/act.ts';
import { GATE_INTERVAL_MS_MIN } from './step/limits.ts';

/**
 * Keeps rounds of the gate as far apart as the plan says, from the beginning of one to that of the
 * next: who answers slowly must not make the others be asked less often.
 */
export class RoundPace {
  #sampledMs: number | undefined;

  /** The act as it is to be done now; a pause between two rounds loses what the first one took. */
  of(act: Act, nowMs: number): Act {
    if (act.kind === 'sample') this.#sampledMs = nowMs;
    if (act.kind !== 'pause' || act.since !== 'sample' || this.#sampledMs === undefined) return act;
    const left = act.ms - (nowMs - this.#sampledMs);
    // Whoever takes longer than that to answer is still left alone for a moment.
    return { kind: 'pause', ms: Math.min(act.ms, Math.max(GATE_INTERVAL_MS_MIN, left)) };
  }
}
