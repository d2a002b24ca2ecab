import type { ProbeColor } from '../../../src/model/health/verdict.ts';
import type { PlanBatch, PlanStep } from '../../../src/model/run/plan.ts';
import type { Outcome } from './acts.ts';
import type { SmallSetup, Word } from './setup.ts';
import type { SmallWorld } from './small-world.ts';

/**
 * Batches in a small world, where every state is one: what the engine was shown since the last
 * change, and whether that was enough to begin the next batch. This is what an engine can know of
 * the batch it has changed.
 */
export interface Looked {
  readonly words: Readonly<Record<string, Word>>;
  readonly guard?: ProbeColor;
}

/** After a change nothing is known. */
export const NOTHING_SEEN: Looked = { words: {} };

/** Each state's steps as one batch, in order. */
export function batchesIn(
  { states }: SmallSetup,
  steps: readonly PlanStep[],
): readonly PlanBatch[] {
  return states.map(({ name }) => ({
    components: [name],
    steps: steps.filter(({ state }) => state === name).map(({ id }) => id),
    soakMs: 0,
    jitterMs: 0,
  }));
}

/** Every way a round of checks may be answered; before the run the goal is sick. */
export function samplesOf(world: SmallWorld, setup: SmallSetup): readonly Outcome[] {
  const isBefore = !world.hasP;
  const first: ProbeColor = isBefore && setup.withGoal ? 'red' : 'green';
  const colors: readonly ProbeColor[] = isBefore ? [first] : ['green', 'red'];
  const guards: readonly ProbeColor[] = isBefore ? ['green'] : ['green', 'red'];
  const { looked } = world;
  if (looked === undefined) {
    return colors.map((color) => sampleOf(withGoal(world, setup, color), color));
  }
  return colors.flatMap((color) =>
    guards.map((guard) => {
      // The one check that is there in every world is a guard, too, where it is no goal.
      const worst = setup.withGoal || color === 'green' ? guard : 'red';
      const next = { ...world, looked: { ...looked, guard: worst } };
      return sampleOf(withGoal(next, setup, color), color, guard);
    }),
  );
}

/** What the goal answered, and for how many rounds it has been green, up to those asked for. */
function withGoal(world: SmallWorld, setup: SmallSetup, color: ProbeColor): SmallWorld {
  if (!setup.withGoal) return world;
  const greens = color === 'green' ? Math.min(world.greens + 1, setup.rounds ?? 1) : 0;
  return { ...world, goal: color, greens };
}

function sampleOf(world: SmallWorld, color: ProbeColor, guard?: ProbeColor): Outcome {
  const shop = { check: 'shop', component: 'shop', color, seen: color };
  const till = guard && { check: 'till', component: 'till', color: guard, seen: guard };
  const samples = till === undefined ? [shop] : [shop, till];
  const words = till === undefined ? color : `${color}, guard ${till.color}`;
  return { label: `sample ${words}`, world, result: { kind: 'sampled', samples, nonce: 'nonce' } };
}

/** What a reading shows stays known until something is changed. */
export function seen(world: SmallWorld, states: readonly string[]): SmallWorld {
  const { looked } = world;
  if (looked === undefined) return world;
  const words = Object.fromEntries(states.map((state) => [state, world.words[state] ?? 'ext']));
  return { ...world, looked: { ...looked, words: { ...looked.words, ...words } } };
}

/** What must have been seen of the batches before when the first step of the next is applied. */
export function hasteOf(
  state: string,
  world: SmallWorld,
  { states }: SmallSetup,
  isUndo: boolean,
): readonly string[] {
  const { looked } = world;
  const before = states.slice(
    0,
    states.findIndex(({ name }) => name === state),
  );
  if (looked === undefined || isUndo || before.length === 0) return [];
  if (world.words[state] !== 'pre') return [];
  const sins: string[] = [];
  if (looked.guard !== 'green') sins.push('the next batch was begun while no guard was green');
  const isRight = before.every(({ name }) => looked.words[name] === 'tgt');
  if (!isRight) sins.push('the next batch was begun beside a state that is not as wanted');
  return sins;
}
