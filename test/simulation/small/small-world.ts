import type { ProbeColor } from '../../../src/model/health/verdict.ts';
import type { Act } from '../../../src/recovery/rollback/step/act.ts';
import { NOTHING_SEEN, type Looked } from './batches.ts';
import type { CompanionWord } from './companion.ts';
import { NO_WATCH, type Watch } from './dead-man.ts';
import type { SmallSetup, Word } from './setup.ts';

/**
 * A world so small that every way through it can be walked: each state is one word. The engine that
 * walks in it is the real one. This is everything outside its memory and journal.
 */
export interface SmallWorld {
  readonly words: Readonly<Record<string, Word>>;
  readonly companion: CompanionWord;
  readonly armed: readonly string[];
  readonly fired: readonly string[];
  readonly hasP: boolean;
  /** P was taken, and cannot be read any more. */
  readonly lostP: boolean;
  readonly paused: boolean;
  readonly locked: boolean;
  /** Undo of this state fails from now on. */
  readonly broken?: string;
  readonly wasTorn: boolean;
  readonly refused: boolean;
  /** No timer can be taken away. */
  readonly isStuck: boolean;
  /** The last answer of the goal, where there is one, and how many were green in a row. */
  readonly goal?: ProbeColor;
  readonly greens: number;
  /** The last answer of the reach probe, where there is one. */
  readonly reached?: ProbeColor;
  readonly fence: number;
  /** The newest fencing token the host has seen of each state. */
  readonly seen: Readonly<Record<string, number>>;
  /** What a daemon that died had sent: on its way until the host is told of a newer token. */
  readonly ghost?: Act;
  readonly watch: Watch;
  /** So many ticks later than they were armed for all timers fire. */
  readonly longer: number;
  /** What was looked at since the last change, where there are batches. */
  readonly looked?: Looked;
  readonly sins: readonly string[];
}

/** The world before a run. */
export function freshWorld(setup: SmallSetup): SmallWorld {
  return {
    words: Object.fromEntries(setup.states.map(({ name }) => [name, 'pre' as const])),
    companion: 'pre',
    armed: [],
    fired: [],
    hasP: false,
    lostP: false,
    paused: false,
    locked: true,
    wasTorn: false,
    refused: false,
    isStuck: setup.stuckTimers === true,
    greens: 0,
    fence: 0,
    seen: {},
    watch: NO_WATCH,
    longer: 0,
    ...(setup.withBatches === true ? { looked: NOTHING_SEEN } : {}),
    sins: [],
  };
}

/** The word a state is at. */
export function wordOf(world: SmallWorld, state: string): Word {
  return world.words[state] ?? 'ext';
}

/** The world with one more thing that must never be. */
export function guilty(world: SmallWorld, ...sins: readonly string[]): SmallWorld {
  return sins.length === 0 ? world : { ...world, sins: [...world.sins, ...sins] };
}

/** A device goes back by itself, as it does when nobody confirmed in time. */
export function fire(world: SmallWorld, state: string): SmallWorld {
  const word = wordOf(world, state);
  const words = word === 'ext' ? world.words : { ...world.words, [state]: 'pre' as const };
  return { ...disarmed(world, state), words, fired: [...world.fired, state] };
}

/** The device's own timer is taken away. */
export function disarmed(world: SmallWorld, state: string): SmallWorld {
  return { ...world, armed: world.armed.filter((one) => one !== state) };
}
