import type { RandomBytes } from '../../base/id.ts';
import { toRfc3339 } from '../../base/time.ts';
import type { CheckState } from '../../model/health/check-state.ts';
import type { Clock } from '../../ports/clock.ts';
import { sideBySide } from '../../recovery/checkpoint/side-by-side.ts';
import { takeLook, type SteadyCheck } from '../../recovery/gate/steady-check.ts';
import type { Health } from './health.ts';
import type { Inventory } from './inventory.ts';

/** What watching the declared health checks needs. */
export interface HealthWatchParts {
  readonly health: Health;
  readonly inventory: () => Inventory;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** The rollback gate's own measure of "steady". */
  readonly gate: () => { readonly samples: number; readonly intervalMs: number };
}

/** Often enough to be told within half a minute, seldom enough to cost a service nothing. */
const LOOK_EVERY_MS = 10_000;
/** The first look, so that `status` has an answer soon after the start. */
const FIRST_LOOK_MS = 200;
/** Looks of many daemons must not fall together: up to a fifth is added. */
const JITTER_SHARE = 0.2;
/** A check that is asked more often than this measures itself. */
const LOOK_AGAIN_MS_MIN = 200;
/** Components asked at a time: one that hangs must not hold up the others. */
const COMPONENTS_AT_A_TIME = 8;

/** Looks at the declared health checks again and again and remembers how they stand. */
export class HealthWatch {
  readonly #parts: HealthWatchParts;
  #checks: ReadonlyMap<string, SteadyCheck> = new Map();
  #looking: Promise<void> | undefined;
  #hasLooked = false;

  constructor(parts: HealthWatchParts) {
    this.#parts = parts;
  }

  /** Looks at every check once; who asks during a look shares it. */
  look(): Promise<void> {
    this.#looking ??= this.#lookNow().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /**
   * How long to wait for the next look: less while a check may be turning, or while somebody
   * follows a run and is shown how the checks are now.
   */
  nextLookMs(isFollowed = false): number {
    if (!this.#hasLooked) return FIRST_LOOK_MS;
    const { random, gate } = this.#parts;
    const isTurning = [...this.#checks.values()].some(({ turning }) => turning !== undefined);
    if (isTurning || isFollowed) return Math.max(LOOK_AGAIN_MS_MIN, gate().intervalMs);
    const [chance = 0] = random(1);
    return LOOK_EVERY_MS * (1 + (JITTER_SHARE * chance) / 255);
  }

  /** How every declared check of the named components, or of all, stands. */
  states(components?: readonly string[]): readonly CheckState[] {
    const { health, inventory } = this.#parts;
    const names = components ?? inventory().components.map(({ name }) => name);
    return health.checksOf(names).map(
      ({ check, component }): CheckState =>
        this.#checks.get(check)?.state ?? {
          check,
          component,
          color: 'unknown',
          seen: 'not looked at yet',
        },
    );
  }

  async #lookNow(): Promise<void> {
    const { health, inventory, clock, gate } = this.#parts;
    const names = inventory().components.map(({ name }) => name);
    const rounds = await sideBySide(names, (name) => health.probe([name]), COMPONENTS_AT_A_TIME);
    const at = toRfc3339(clock.now());
    const { samples: looksNeeded } = gate();
    // Checks that were taken out of the configuration are forgotten with the old map.
    this.#checks = new Map(
      rounds
        .flat()
        .map((sample) => [
          sample.check,
          takeLook(this.#checks.get(sample.check), sample, at, looksNeeded),
        ]),
    );
    this.#hasLooked = true;
  }
}
