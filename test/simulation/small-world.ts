import { judgeGate } from '../../src/recovery/gate/judge-gate.ts';
import type { BlobHash } from '../../src/model/checkpoint/capture.ts';
import type { CheckpointId } from '../../src/model/checkpoint/checkpoint.ts';
import type { Instant } from '../../src/model/run/instant.ts';
import type { OnSilence, Plan, PlanHash, PlanStep } from '../../src/model/run/plan.ts';
import type { StateTraits } from '../../src/model/run/run-journal.ts';
import type { ProbeColor } from '../../src/model/health/verdict.ts';
import type { Act, ActResult, UndoAnswer } from '../../src/recovery/rollback/step/act.ts';
import type { StepContext } from '../../src/recovery/rollback/step/machine.ts';
import { batchesIn, hasteOf, NOTHING_SEEN, samplesOf, seen, type Looked } from './small-batches.ts';
import {
  arm,
  disarmWatch,
  fenceAll,
  isSupervised,
  isWatched,
  isWatchOver,
  NO_WATCH,
  regain,
  type Watch,
} from './small-dead-man.ts';
import { reachesOf } from './small-reach.ts';

/**
 * A world so small that every way through it can be walked: each state is one word. The engine that
 * walks in it is the real one.
 */

/** `pre` before the run, `mid` after one of two steps, `tgt` wanted, `ext` somebody else's. */
export type Word = 'pre' | 'mid' | 'tgt' | 'torn' | 'ext';

/** One state of a small world. */
export interface SmallState {
  readonly name: string;
  readonly traits: StateTraits;
  /** 1: pre to tgt; 2: over mid. */
  readonly steps: 1 | 2;
}

/** What a small world allows; everything that may happen does happen somewhere in it. */
export interface SmallSetup {
  readonly states: readonly SmallState[];
  readonly crashes: number;
  readonly foreign: number;
  readonly onSilence: OnSilence;
  /** A goal that is sick before; samples afterwards may be green or red. */
  readonly withGoal: boolean;
  readonly withWriter: boolean;
  readonly withHold: boolean;
  readonly withApproval: boolean;
  /** What is changed must be reached before a confirm counts; every look may be green or red. */
  readonly withReach?: boolean;
  /** Preparing may fail at every act, and letting go may fail once. */
  readonly withRefusals: boolean;
  /** Every state is a batch of its own, with a guard beside the goal. */
  readonly withBatches?: boolean;
  /** The dead-man's clock is wrong: it fires whenever it likes. */
  readonly earlyTimer?: boolean;
}

/** Everything outside the engine's memory and journal. */
export interface SmallWorld {
  readonly words: Readonly<Record<string, Word>>;
  readonly armed: readonly string[];
  readonly fired: readonly string[];
  readonly hasP: boolean;
  readonly paused: boolean;
  readonly locked: boolean;
  /** Undo of this state fails from now on. */
  readonly broken?: string;
  readonly wasTorn: boolean;
  readonly refused: boolean;
  /** The last answer of the goal, where there is one. */
  readonly goal?: ProbeColor;
  /** The last answer of the reach probe, where there is one. */
  readonly reached?: ProbeColor;
  readonly fence: number;
  /** The newest fencing token the host has seen of each state. */
  readonly seen: Readonly<Record<string, number>>;
  readonly watch: Watch;
  /** What was looked at since the last change, where there are batches. */
  readonly looked?: Looked;
  readonly sins: readonly string[];
}

/** Seconds of a tick: 2 outlast the gate's patience, 3 our deadline, 4 let devices revert. */
export const TICKS_MAX = 4;
const TICK_MS = 30_000;

/** The moment after so many ticks. */
export function instantAt(ticks: number): Instant {
  return { wallMs: 1_000_000 + ticks * TICK_MS, uptimeMs: ticks * TICK_MS, bootId: 'boot' };
}

/** What the engine is given beside state and event. */
export function contextAt(ticks: number): StepContext {
  return { at: instantAt(ticks), judge: judgeGate };
}

/** Ticks after which devices revert by themselves. */
export const DEVICE_TICKS = 4;

/** The plan of a small world. */
export function planOf(setup: SmallSetup): Plan {
  const steps: PlanStep[] = [];
  for (const { name, steps: count } of setup.states) {
    const words: readonly Word[] = count === 1 ? ['pre', 'tgt'] : ['pre', 'mid', 'tgt'];
    for (let at = 1; at < words.length; at += 1) {
      steps.push(stepBetween(name, String(steps.length + 1), words[at - 1], words[at], 'tgt'));
    }
  }
  const check = { check: 'shop', component: 'shop' };
  const guard = { role: 'guard', check: 'till', component: 'till' } as const;
  return {
    id: 'pln_1',
    planHash: 'hash' as PlanHash,
    createdAt: '',
    expiresAt: '',
    requestedBy: 'ann',
    reason: 'test',
    content: {
      target: 'cp_T' as CheckpointId,
      components: setup.states.map(({ name }) => name),
      steps,
      changes: [],
      observed: Object.fromEntries(setup.states.map(({ name }) => [name, print(name, 'pre')])),
      risks: [],
      checks: [
        { role: setup.withGoal ? 'goal' : 'guard', ...check },
        ...(setup.withBatches === true ? [guard] : []),
      ],
      ...(setup.withBatches === true ? { batches: batchesIn(setup, steps) } : {}),
      gate: { samples: 1, intervalMs: 1_000 },
      confirmTimeoutMs: 3 * TICK_MS,
      onSilence: setup.onSilence,
      ...(setup.withApproval ? { approval: 'it is lossy' } : {}),
      ...(setup.withReach === true ? { reach: [{ component: 'shop', probes: ['way'] }] } : {}),
    },
  };
}

/** The world before a run. */
export function freshWorld(setup: SmallSetup): SmallWorld {
  return {
    words: Object.fromEntries(setup.states.map(({ name }) => [name, 'pre' as const])),
    armed: [],
    fired: [],
    hasP: false,
    paused: false,
    locked: true,
    wasTorn: false,
    refused: false,
    fence: 0,
    seen: {},
    watch: NO_WATCH,
    ...(setup.withBatches === true ? { looked: NOTHING_SEEN } : {}),
    sins: [],
  };
}

/** One way an act may go. */
export interface Outcome {
  readonly label: string;
  readonly world: SmallWorld;
  readonly result: ActResult;
}

/** Whether an act changes something outside: a crash may fall before and after it. */
export function isMutating(act: Act): boolean {
  switch (act.kind) {
    case 'pause-writers':
    case 'resume-writers':
    case 'take-before':
    case 'arm':
    case 'disarm':
    case 'confirm-device':
    case 'apply':
      return true;
    default:
      return false;
  }
}

/** Every way an act may go in a world; `node` is there for those who sabotage this. */
export function outcomesOf(
  act: Act,
  world: SmallWorld,
  setup: SmallSetup,
  _node: unknown,
): readonly Outcome[] {
  const found = [...waysOf(act, world, setup)];
  const mayRefuse = setup.withRefusals && !world.refused && REFUSABLE.has(act.kind);
  if (mayRefuse) {
    const result = { kind: 'failed', why: 'refused' } as const;
    found.push({ label: `${act.kind} fails`, world: { ...world, refused: true }, result });
  }
  return found;
}

const REFUSABLE = new Set<Act['kind']>([
  'fence',
  'pause-writers',
  'resume-writers',
  'preflight',
  'take-before',
  'arm',
  'disarm',
  'confirm-device',
  'observe',
  'plan-undo',
]);

function waysOf(act: Act, world: SmallWorld, setup: SmallSetup): readonly Outcome[] {
  const one = (next: SmallWorld, result: ActResult): readonly Outcome[] => [
    { label: act.kind, world: next, result },
  ];
  switch (act.kind) {
    case 'fence': {
      const writers = setup.withWriter
        ? [{ state: 'A', name: 'cron', freeze: ['stop'], unfreeze: ['start'] }]
        : [];
      const fence = world.fence + 1;
      return one(fenceAll(world, act.states, fence), { kind: 'fenced', fence, writers });
    }
    case 'pause-writers':
      return one({ ...world, paused: true }, { kind: 'done' });
    case 'resume-writers':
      return one({ ...world, paused: false }, { kind: 'done' });
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
    case 'take-before': {
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
    case 'arm':
      return arm(act, world, setup);
    case 'disarm': {
      // A dead-man that fired is waited for: there is no answer before it is done.
      const next = disarmWatch(disarmed(world, act.state));
      return isWatchOver(next) ? one(regain(next, act.state, act.fence), { kind: 'done' }) : [];
    }
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
      const readings = act.states.map((state) => ({
        state,
        fingerprint: print(state, wordOf(world, state)),
      }));
      return one(seen(world, act.states), { kind: 'observed', readings });
    }
    case 'apply':
      return appliesOf(act, world, setup);
    case 'plan-undo': {
      const answers = act.questions.map(({ state }) => wayBack(state, wordOf(world, state)));
      return one(world, { kind: 'undo-planned', answers });
    }
    case 'pause':
      return one(world, { kind: 'done' });
  }
}

function appliesOf(
  act: Extract<Act, { kind: 'apply' }>,
  world: SmallWorld,
  setup: SmallSetup,
): readonly Outcome[] {
  const { step } = act;
  const { state } = step;
  if (act.fence < (world.seen[state] ?? 0)) {
    const stale = { kind: 'failed', why: 'overtaken', code: 'LG_PROVIDER_TOKEN_STALE' } as const;
    return [{ label: `apply of ${state} is too late`, world, result: stale }];
  }
  const traits = setup.states.find(({ name }) => name === state)?.traits;
  const isUndo = step.desired === `${state}:pre`;
  const sins = [...sinsOf(act, world, isUndo, traits), ...hasteOf(state, world, setup, isUndo)];
  const to = wordIn(step.becomes);
  const ways: Outcome[] = [];
  const way = (label: string, word: Word, outcome: ActResult, more: Partial<SmallWorld> = {}) => {
    const words = { ...world.words, [state]: word };
    const looked = world.looked === undefined ? {} : { looked: NOTHING_SEEN };
    const next = { ...world, words, ...looked, sins: [...world.sins, ...sins], ...more };
    ways.push({ label: `${label} ${state}`, world: next, result: outcome });
  };
  const now = wordOf(world, state);
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

/** What must never be true at the instant something is changed. */
function sinsOf(
  act: Extract<Act, { kind: 'apply' }>,
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
  return sins;
}

function wayBack(state: string, word: Word): UndoAnswer {
  const steps = word === 'pre' ? [] : [stepBetween(state, '1', word, 'pre', 'pre')];
  return { state, fingerprint: print(state, word), mixed: word !== 'ext', steps };
}

/** Lets the timers of devices fire, as they do when nobody confirmed in time. */
export function fire(world: SmallWorld, state: string): SmallWorld {
  const word = wordOf(world, state);
  const words = word === 'ext' ? world.words : { ...world.words, [state]: 'pre' as const };
  return { ...disarmed(world, state), words, fired: [...world.fired, state] };
}

/** The word a state is at. */
export function wordOf(world: SmallWorld, state: string): Word {
  return world.words[state] ?? 'ext';
}

function disarmed(world: SmallWorld, state: string): SmallWorld {
  return { ...world, armed: world.armed.filter((one) => one !== state) };
}

function stepBetween(
  state: string,
  id: string,
  from: Word | undefined,
  to: Word | undefined,
  whole: Word,
): PlanStep {
  return {
    id,
    state,
    component: state,
    provider: 'word',
    paths: [state],
    expects: print(state, from),
    becomes: print(state, to),
    desired: `${state}:${whole}` as BlobHash,
    commands: [`set ${state} ${to}`],
    disruption: 'none',
  };
}

function print(state: string, word: Word | undefined): string {
  return `${state}:${word}`;
}

const WORDS: readonly Word[] = ['pre', 'mid', 'tgt', 'torn', 'ext'];

function wordIn(fingerprint: string): Word {
  return WORDS.find((word) => fingerprint.endsWith(`:${word}`)) ?? 'ext';
}
