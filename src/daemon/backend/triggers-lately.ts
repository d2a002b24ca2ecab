import { toRfc3339 } from '../../base/time.ts';
import type { CheckState } from '../../model/health/check-state.ts';
import type { Core } from '../core.ts';

/** Whoever follows a run asks some times a second; triggers look at seconds. */
const ASK_EVERY_MS = 2_000;
/** What is older says nothing of now: the evidence process is away or overloaded. */
const KNOWN_MS_MAX = 15_000;

/**
 * What the triggers that have data said a moment ago. Nobody waits for them: a run is shown while
 * the evidence process hangs, too.
 */
export class TriggersLately {
  readonly #core: Pick<Core, 'health' | 'clock'>;
  #known: readonly CheckState[] = [];
  #knownAtMs = -Infinity;
  #askedAtMs = -Infinity;

  constructor(core: Pick<Core, 'health' | 'clock'>) {
    this.#core = core;
  }

  /** Those of components; [] while nothing is known yet, or not any more. */
  of(components: readonly string[]): readonly CheckState[] {
    const nowMs = this.#core.clock.uptimeMs();
    if (nowMs - this.#askedAtMs >= ASK_EVERY_MS) void this.#ask(nowMs).catch(() => undefined);
    if (nowMs - this.#knownAtMs > KNOWN_MS_MAX) return [];
    return this.#known.filter(({ component }) => components.includes(component));
  }

  async #ask(nowMs: number): Promise<void> {
    this.#askedAtMs = nowMs;
    const lastAt = toRfc3339(this.#core.clock.now());
    const samples = await this.#core.health.fromTriggers();
    this.#known = samples.map((sample) => ({ ...sample, lastAt }));
    this.#knownAtMs = nowMs;
  }
}
