import { deadManToken } from '../../../src/runner/fence.ts';
import type { Act } from '../../../src/recovery/rollback/step/act.ts';
import type { Outcome } from './acts.ts';
import type { SmallSetup, Word } from './setup.ts';
import { MORE_TICKS } from './small-clock.ts';
import type { SmallWorld } from './small-world.ts';

/**
 * The second actor of a small world: a process on the host that goes back when nobody disarmed it.
 * It moves whenever it likes, whatever the daemon does; a daemon that moves no more is a dead or a
 * stopped one. Its lock shows as each putting back, like each apply, being one move with its fence.
 */
export interface Watch {
  /** `fired` is decided once, by whoever links the end of the watch first. */
  readonly phase: 'none' | 'armed' | 'fired' | 'disarmed';
  readonly token: number;
  /** States in the order they were armed. */
  readonly guarded: readonly string[];
  /** States that are still to be put back. */
  readonly left: readonly string[];
  /** States it has put back: nothing may go forward there any more. */
  readonly wentBack: readonly string[];
}

/** Before anything is armed. */
export const NO_WATCH: Watch = { phase: 'none', token: 0, guarded: [], left: [], wentBack: [] };

/** One more state is watched over. */
function armWatch(world: SmallWorld, state: string, token: number): SmallWorld {
  const { watch } = world;
  const guarded = [...watch.guarded, state];
  return { ...world, watch: { ...watch, phase: 'armed', token, guarded } };
}

/** Its deadline has passed, or its clock is wrong. */
export function fireWatch(world: SmallWorld): SmallWorld {
  const { watch } = world;
  return { ...world, watch: { ...watch, phase: 'fired', left: watch.guarded } };
}

/** Puts the last state that is left back: only as P, T or a mix of them, and only when let pass. */
export function putBackNext(world: SmallWorld): SmallWorld {
  const { watch, words } = world;
  const state = watch.left.at(-1) ?? '';
  const left = watch.left.slice(0, -1);
  const paused = left.length > 0 && world.paused;
  const token = deadManToken(watch.token);
  if ((world.seen[state] ?? 0) > token) return { ...world, paused, watch: { ...watch, left } };
  const seen = { ...world.seen, [state]: token };
  const word: Word = words[state] ?? 'ext';
  if (word === 'ext' || word === 'torn')
    return { ...world, paused, seen, watch: { ...watch, left } };
  return {
    ...world,
    paused,
    seen,
    words: { ...words, [state]: 'pre' },
    watch: { ...watch, left, wentBack: [...watch.wentBack, state] },
  };
}

/** Whether it still stands between a change of the state and its staying for ever. */
export function isWatched({ watch }: SmallWorld, state: string): boolean {
  if (watch.phase === 'armed') return watch.guarded.includes(state);
  return watch.phase === 'fired' && watch.left.includes(state);
}

/** Whether it is over: it will write nothing any more. */
export function isWatchOver({ watch }: SmallWorld): boolean {
  return watch.phase !== 'armed' && watch.left.length === 0;
}

/** The daemon is faster than the deadline. */
export function disarmWatch(world: SmallWorld): SmallWorld {
  const { watch } = world;
  if (watch.phase !== 'armed') return world;
  return { ...world, watch: { ...watch, phase: 'disarmed' } };
}

/** Its end is seen: who armed it goes on where the dead-man had overtaken it. */
export function regain(world: SmallWorld, state: string, fence: number): SmallWorld {
  if (world.seen[state] !== deadManToken(fence)) return world;
  return { ...world, seen: { ...world.seen, [state]: fence } };
}

/** Its process ends with the boot of its host, wherever it was. */
export function endWatch(world: SmallWorld): SmallWorld {
  const { watch } = world;
  const phase = watch.phase === 'armed' ? 'disarmed' : watch.phase;
  return { ...world, watch: { ...watch, phase, left: [] } };
}

/**
 * Another daemon takes over: it fences everybody out, and an armed dead-man goes on for it. What
 * the last one had sent is done or refused before this answers.
 */
export function fenceAll(world: SmallWorld, states: readonly string[], fence: number): SmallWorld {
  const { watch } = world;
  const seen = Object.fromEntries(states.map((state) => [state, fence]));
  const token = watch.phase === 'armed' ? fence : watch.token;
  const { ghost: _, ...rest } = world;
  return { ...rest, fence, seen: { ...world.seen, ...seen }, watch: { ...watch, token } };
}

/** Whether a state has no timer of its own and is watched over by the dead-man. */
export function isSupervised({ states }: SmallSetup, state: string): boolean {
  return states.find(({ name }) => name === state)?.traits.confirm === 'supervisor';
}

/** Arms the timer of a state, whichever it has. */
export function arm(
  { order: { state }, fence }: Extract<Act, { kind: 'arm' }>,
  world: SmallWorld,
  setup: SmallSetup,
): readonly Outcome[] {
  const label = `arm ${state}`;
  const result = { kind: 'done' } as const;
  if (fence < (world.seen[state] ?? 0)) {
    return [{ label, world, result: { kind: 'failed', why: 'overtaken' } }];
  }
  if (!isSupervised(setup, state)) {
    return [{ label, world: { ...world, armed: [...world.armed, state] }, result }];
  }
  // One that fired is not armed again: the run ends before it has begun.
  const isLate = world.watch.phase === 'fired';
  if (isLate) return [{ label, world, result: { kind: 'failed', why: 'it has fired' } }];
  return [{ label, world: armWatch(world, state, fence), result }];
}

/** Gives all timers more time, unless somebody newer drives the run or one of them is over. */
export function extendTimers(
  { states, fence }: Extract<Act, { kind: 'extend' }>,
  world: SmallWorld,
  setup: SmallSetup,
): readonly Outcome[] {
  const isStale = states.some((state) => fence < (world.seen[state] ?? 0));
  const isOver = states.some((state) =>
    isSupervised(setup, state) ? world.watch.phase !== 'armed' : !world.armed.includes(state),
  );
  if (isStale || isOver) {
    return [{ label: 'extend in vain', world, result: { kind: 'failed', why: 'it is over' } }];
  }
  const longer = { ...world, longer: MORE_TICKS };
  return [{ label: 'extend', world: longer, result: { kind: 'done' } }];
}
