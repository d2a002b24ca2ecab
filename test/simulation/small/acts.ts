import type { BlobHash } from '../../../src/model/checkpoint/capture.ts';
import type { CheckpointId } from '../../../src/model/checkpoint/checkpoint.ts';
import type { Act, ActResult, UndoAnswer } from '../../../src/recovery/rollback/step/act.ts';
import { appliesOf } from './applies.ts';
import { samplesOf, seen } from './batches.ts';
import { COMPANION } from './companion.ts';
import {
  arm,
  disarmWatch,
  extendTimers,
  fenceAll,
  isSupervised,
  isWatchOver,
  regain,
} from './dead-man.ts';
import { reachesOf } from './reach.ts';
import { refusalsOf } from './refusals.ts';
import type { SmallSetup, Word } from './setup.ts';
import { print, stepBetween } from './small-plan.ts';
import { disarmed, wordOf, type SmallWorld } from './small-world.ts';

/** One way an act may go. */
export interface Outcome {
  readonly label: string;
  readonly world: SmallWorld;
  readonly result: ActResult;
}

/** Every way an act may go in a world; `node` is there for those who sabotage this. */
export function outcomesOf(
  act: Act,
  world: SmallWorld,
  setup: SmallSetup,
  _node: unknown,
): readonly Outcome[] {
  const ways = waysOf(act, world, setup);
  return [...ways, ...refusalsOf(act, world, setup, ways)];
}

function waysOf(act: Act, world: SmallWorld, setup: SmallSetup): readonly Outcome[] {
  const one = (next: SmallWorld, result: ActResult): readonly Outcome[] => [
    { label: act.kind, world: next, result },
  ];
  switch (act.kind) {
    case 'fence': {
      const writers = setup.withWriter
        ? [
            {
              state: setup.states[0]?.name ?? '',
              name: 'cron',
              freeze: ['stop'],
              unfreeze: ['start'],
            },
          ]
        : [];
      const fence = world.fence + 1;
      return one(fenceAll(world, act.states, fence), { kind: 'fenced', fence, writers });
    }
    case 'pause-writers':
      return isLate(act, world)
        ? one(world, STALE)
        : one({ ...world, paused: true }, { kind: 'done' });
    case 'resume-writers':
      // Only who is named goes on.
      return one({ ...world, paused: world.paused && act.writers.length === 0 }, { kind: 'done' });
    case 'preflight': {
      const states = setup.states.map(({ name, traits }) => ({
        state: name,
        fingerprint: print(name, wordOf(world, name)),
        traits,
        findings: [],
      }));
      return one(world, { kind: 'preflighted', states });
    }
    case 'sample':
      return samplesOf(world, setup);
    case 'reach':
      return reachesOf(world);
    case 'take-before':
      return takeBefore(world, setup);
    case 'arm':
      return arm(act, world, setup);
    case 'disarm':
      return disarm(act, world);
    case 'confirm-device': {
      if (isSupervised(setup, act.state)) {
        const isLate = world.watch.phase === 'fired';
        const said = isLate ? 'already-reverted' : 'confirmed';
        return one(disarmWatch(world), { kind: 'device', state: said });
      }
      const state = world.fired.includes(act.state) ? 'already-reverted' : 'confirmed';
      return one(disarmed(world, act.state), { kind: 'device', state });
    }
    case 'observe': {
      const readings = act.states.map((state) => ({ state, fingerprint: readingOf(state, world) }));
      return one(seen(world, act.states), { kind: 'observed', readings });
    }
    case 'apply':
      return appliesOf(act, world, setup);
    case 'extend':
      return extendTimers(act, world, setup);
    case 'plan-undo':
      return one(world, planUndo(act, world));
    case 'pause':
      return one(world, { kind: 'done' });
  }
}

/** Whom a newer daemon has overtaken pauses nobody any more. */
function isLate(
  { writers, fence }: Extract<Act, { kind: 'pause-writers' }>,
  { seen: tokens }: SmallWorld,
): boolean {
  return writers.some(({ state }) => fence < (tokens[state] ?? 0));
}

const STALE = { kind: 'failed', why: 'overtaken', code: 'LG_PROVIDER_TOKEN_STALE' } as const;

/** P is sealed while the checks are asked once more. */
function takeBefore(world: SmallWorld, setup: SmallSetup): readonly Outcome[] {
  const states = setup.states.map(({ name }) => ({
    state: name,
    fingerprint: print(name, wordOf(world, name)),
    image: `${name}:pre` as BlobHash,
  }));
  const before = { checkpoint: 'cp_P' as CheckpointId, states };
  return samplesOf(world, setup).flatMap(({ label, world: next, result }) => {
    if (result.kind !== 'sampled') return [];
    const taken = { kind: 'before-taken', before, baseline: result.samples } as const;
    return [{ label: `take-before, ${label}`, world: { ...next, hasP: true }, result: taken }];
  });
}

function disarm(act: Extract<Act, { kind: 'disarm' }>, world: SmallWorld): readonly Outcome[] {
  const { state, fence } = act;
  if (world.isStuck) {
    const result = { kind: 'failed', why: 'stuck' } as const;
    return [{ label: `the timer of ${state} cannot be taken away`, world, result }];
  }
  // A dead-man that fired is waited for: there is no answer before it is done.
  const next = disarmWatch(disarmed(world, state));
  if (!isWatchOver(next)) return [];
  return [
    { label: `disarm ${state}`, world: regain(next, state, fence), result: { kind: 'done' } },
  ];
}

function readingOf(state: string, world: SmallWorld): string {
  if (state !== COMPANION) return print(state, wordOf(world, state));
  return print(state, world.companion === 'pre' ? 'pre' : 'ext');
}

/** Without P nobody knows a way back: a survey tells nothing, and a single question fails. */
function planUndo(
  { questions }: Extract<Act, { kind: 'plan-undo' }>,
  world: SmallWorld,
): ActResult {
  if (!world.lostP) {
    const answers = questions.map(({ state }) => wayBack(state, wordOf(world, state)));
    return { kind: 'undo-planned', answers };
  }
  if (questions.length > 1) return { kind: 'undo-planned', answers: [] };
  return { kind: 'failed', why: 'P cannot be read' };
}

function wayBack(state: string, word: Word): UndoAnswer {
  const steps = word === 'pre' ? [] : [stepBetween(state, '1', word, 'pre', 'pre')];
  return { state, fingerprint: print(state, word), mixed: word !== 'ext', steps };
}
