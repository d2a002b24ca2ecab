import { messageOf } from '../../base/error.ts';
import { err, type Result } from '../../base/result.ts';
import { toRfc3339 } from '../../base/time.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { fingerprintOf, type StateImage } from '../../model/checkpoint/capture.ts';
import { sameItem } from '../../model/checkpoint/same-item.ts';
import type { RunWorld } from '../../model/run/run-world.ts';
import type { Clock } from '../../ports/clock.ts';
import { ACT_DEADLINE_MS } from './step/limits.ts';
import type { RunMachine } from './step/machine.ts';
import type { RunRecord } from './step/record.ts';
import { statesOf, targetImage, wantedFingerprint } from './step/run-states.ts';

/** How a state was found that a run has changed and that waits to be kept. */
export interface StateLook {
  readonly state: string;
  /** When the look began, RFC 3339: what came later it has not seen. */
  readonly at: string;
  /** Absent where it could not be read. */
  readonly fingerprint?: string;
  /** What is not as the target has it; [] as well where the target cannot be read. */
  readonly items: readonly string[];
  /** Why it could not be read. */
  readonly why?: string;
}

/** What the watch looks with. */
export interface StateWatchWorld {
  readonly world: Pick<RunWorld, 'observe' | 'image'>;
  readonly clock: Clock;
  /** A round of looks is over; told while the run still waits. */
  readonly looked: (looks: readonly StateLook[]) => void;
}

/** Who decides sees what is some seconds old at most, where looking is cheap. */
const LOOK_EVERY_MS_MIN = 2_000;

/** Looking may take this much of the target's time: calls of one state take turns. */
const LOOK_SHARE_MAX = 0.1;

/**
 * Reads again what a run has changed for as long as it waits for a person, so that whoever decides
 * sees what is there now. It decides nothing and writes nothing, also no journal: the last reading
 * of the engine is what counts, and a daemon that takes the run over looks anew.
 */
export class StateWatch {
  readonly #on: StateWatchWorld;
  #machine: RunMachine | undefined;
  #looks: readonly StateLook[] | undefined;
  #isDue = false;
  #isLooking = false;
  #cancel: (() => void) | undefined;

  constructor(on: StateWatchWorld) {
    this.#on = on;
  }

  /** What was found last; undefined before the first look, and when nothing waits. */
  get looks(): readonly StateLook[] | undefined {
    return this.#looks;
  }

  /** Hears where the run is now: looks when it is time and nothing else is asked of the world. */
  follow(machine: RunMachine): void {
    const { phase } = machine.record;
    if (phase !== 'AWAITING_CONFIRM') return this.stop();
    const isFirst = this.#machine === undefined;
    this.#machine = machine;
    if (isFirst) this.#isDue = true;
    this.#lookIfDue();
  }

  /** Looks no more and forgets what was seen; idempotent. */
  stop(): void {
    this.#cancel?.();
    this.#machine = undefined;
    this.#looks = undefined;
    this.#isDue = false;
  }

  #lookIfDue(): void {
    const doing = this.#machine?.doing?.stage.kind;
    const isFree = doing === undefined || doing === 'watch-wait';
    if (this.#machine === undefined || !this.#isDue || this.#isLooking || !isFree) return;
    [this.#isDue, this.#isLooking] = [false, true];
    void this.#look(this.#machine.record);
  }

  async #look(record: RunRecord): Promise<void> {
    const { clock, looked } = this.#on;
    const begunMs = clock.uptimeMs();
    const at = toRfc3339(clock.now());
    const looks = await Promise.all(
      statesOf(record).map(async (state) => ({ state, at, ...(await this.#find(record, state)) })),
    );
    this.#isLooking = false;
    if (this.#machine === undefined) return;
    this.#looks = looks;
    looked(looks);
    const tookMs = Math.max(0, clock.uptimeMs() - begunMs);
    const pauseMs = tookMs * (1 / LOOK_SHARE_MAX - 1);
    const { intervalMs } = record.plan.content.gate;
    this.#cancel = clock.after(Math.max(LOOK_EVERY_MS_MIN, intervalMs, pauseMs), () => {
      this.#isDue = true;
      this.#lookIfDue();
    });
  }

  async #find(
    record: RunRecord,
    state: string,
  ): Promise<Pick<StateLook, 'fingerprint' | 'items' | 'why'>> {
    const { world } = this.#on;
    const found = await answered(world.observe(state, ACT_DEADLINE_MS.observe));
    if (!found.ok) return { items: [], why: found.error.detail };
    const fingerprint = fingerprintOf(found.value);
    if (fingerprint === wantedFingerprint(record, state)) return { fingerprint, items: [] };
    const wanted = await answered(world.image(targetImage(record, state)));
    return { fingerprint, items: wanted.ok ? itemsBetween(found.value, wanted.value) : [] };
  }
}

/** What throws has failed: a watch that looks must not end the process. */
async function answered(asked: Promise<Result<StateImage>>): Promise<Result<StateImage>> {
  try {
    return await asked;
  } catch (error) {
    return err(lgError('LG_PROVIDER_UNREADABLE', messageOf(error)));
  }
}

/** The paths of items that differ, in their order. */
function itemsBetween(now: StateImage, wanted: StateImage): readonly string[] {
  const is = new Map(now.items.map((item) => [item.path, item]));
  const will = new Map(wanted.items.map((item) => [item.path, item]));
  const paths = [...new Set([...is.keys(), ...will.keys()])].toSorted();
  return paths.filter((path) => !sameItem(is.get(path), will.get(path)));
}
