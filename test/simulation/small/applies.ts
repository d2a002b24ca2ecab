import type { StateTraits } from '../../../src/model/run/run-journal.ts';
import type { Act, ActResult } from '../../../src/recovery/rollback/step/act.ts';
import type { Outcome } from './acts.ts';
import { hasteOf, NOTHING_SEEN } from './batches.ts';
import { isWatched } from './dead-man.ts';
import type { SmallSetup, Word } from './setup.ts';
import { print, wordIn } from './small-plan.ts';
import { guilty, wordOf, type SmallWorld } from './small-world.ts';

type Apply = Extract<Act, { kind: 'apply' }>;

/** Every way a change may go: refused, done, failed, torn, or done in silence. */
export function appliesOf(act: Apply, world: SmallWorld, setup: SmallSetup): readonly Outcome[] {
  const { step } = act;
  const { state } = step;
  const refused = refusalOf(act, world);
  if (refused !== undefined) return [refused];
  const traits = setup.states.find(({ name }) => name === state)?.traits;
  const isUndo = step.desired === `${state}:pre`;
  const sins = [...sinsOf(act, world, isUndo, traits), ...hasteOf(state, world, setup, isUndo)];
  const ways: Outcome[] = [];
  const way = (label: string, word: Word, result: ActResult, more: Partial<SmallWorld> = {}) => {
    const words = { ...world.words, [state]: word };
    const looked = world.looked === undefined ? {} : { looked: NOTHING_SEEN };
    const next = guilty({ ...world, words, ...looked, ...more }, ...sins);
    ways.push({ label: `${label} ${state}`, world: next, result });
  };
  const [now, to] = [wordOf(world, state), wordIn(step.becomes)];
  const clean = { kind: 'applied', outcome: { kind: 'failed-clean', why: 'no' } } as const;
  const unknown = { kind: 'applied', outcome: { kind: 'unknown', why: 'silent' } } as const;
  if (world.broken !== state) way('apply', to, { kind: 'applied', outcome: { kind: 'done' } });
  if (isUndo) {
    way('undo fails for good', now, clean, { broken: state });
    return ways;
  }
  way('apply fails cleanly', now, clean);
  way('apply loses its answer', to, unknown);
  if (traits?.atomic === 'none') way('apply tears', 'torn', unknown, { wasTorn: true });
  return ways;
}

/** What a host does not even begin. */
function refusalOf({ step, fence }: Apply, world: SmallWorld): Outcome | undefined {
  const { state, expects, becomes } = step;
  const refuse = (label: string, code?: string): Outcome => ({
    label,
    world,
    result: code === undefined ? FAILED : { ...FAILED, code },
  });
  if (fence < (world.seen[state] ?? 0)) {
    return refuse(`apply of ${state} is too late`, 'LG_PROVIDER_TOKEN_STALE');
  }
  const now = print(state, wordOf(world, state));
  if (now !== expects && now !== becomes) {
    // The last look is the provider's own, under the lock that it writes with.
    return refuse(`${state} has changed since it was read`, 'LG_PROVIDER_FOREIGN_CHANGE');
  }
  const isForward = step.desired !== `${state}:pre`;
  if (isForward && world.fired.includes(state)) {
    // A further confirmed commit finds none to belong to.
    return refuse(`${state} has gone back, and takes no more of this run`);
  }
  return undefined;
}

const FAILED = { kind: 'failed', why: 'refused' } as const;

/** What must never be true at the instant something is changed. */
function sinsOf(
  act: Apply,
  world: SmallWorld,
  isUndo: boolean,
  traits: StateTraits | undefined,
): readonly string[] {
  const { state } = act.step;
  const sins: string[] = [];
  if (wordOf(world, state) === 'ext') sins.push("a third party's change was overwritten");
  if (!world.hasP) sins.push('mutation without pre-rollback checkpoint');
  if (act.fence !== world.fence) sins.push('mutation with an old fencing token');
  if (act.fence < (world.seen[state] ?? 0)) sins.push('two writers of one state');
  if (isUndo) return sins;
  const isNaked = traits?.confirm === 'native' && !world.armed.includes(state);
  const isUnwatched = traits?.confirm === 'supervisor' && !isWatched(world, state);
  if (isNaked || isUnwatched) sins.push('mutation without armed timer');
  if (world.watch.wentBack.includes(state)) sins.push('forward again after the dead-man');
  if (world.companion === 'ext') sins.push('mutation beside a companion that had moved');
  return sins;
}
