import { assertUnreachable } from '../../base/assert.ts';
import { messageOf } from '../../base/error.ts';
import { toHex } from '../../base/bytes.ts';
import type { RandomBytes } from '../../base/id.ts';
import { ok, type Result } from '../../base/result.ts';
import { fingerprintOf } from '../../model/checkpoint/capture.ts';
import type { GateCheck } from '../../model/run/plan.ts';
import type { RunWorld } from '../../model/run/run-world.ts';
import type { TargetIdentity } from '../../model/component/target-identity.ts';
import type { Clock } from '../../ports/clock.ts';
import { isMixOf } from '../../model/checkpoint/image-mix.ts';
import { failed } from './act-result.ts';
import { eachWriter, moveLimits, strangersAt, timerAct } from './act-on-timers.ts';
import { ACT_DEADLINE_MS } from './step/limits.ts';
import type { Act, ActResult, UndoAnswer, UndoQuestion } from './step/act.ts';

/** What performing an act needs. */
export interface ActWorld {
  readonly world: RunWorld;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Takes the locks of a run's states and answers its new fencing token. */
  readonly fence: (run: string, states: readonly string[]) => Promise<Result<number>>;
}

/** Beyond the deadline a call was given, this long is waited for its own failure to arrive. */
const GRACE_MS = 5_000;

/**
 * Does what an act says and answers within its deadline. Never throws: what throws has failed, and
 * an apply whose answer does not come is `unknown`, which makes the engine read.
 */
export async function performAct(
  run: string,
  checks: readonly GateCheck[],
  act: Act,
  on: ActWorld,
): Promise<ActResult> {
  if (act.kind === 'pause') return pause(act.ms, on.clock);
  const limitMs = ACT_DEADLINE_MS[act.kind];
  const tooLate = new Promise<ActResult>((resolve) => {
    const stop = on.clock.after(limitMs + GRACE_MS, () =>
      resolve({ kind: 'failed', why: `no answer within ${limitMs} ms`, code: TOO_LATE }),
    );
    void doAct(run, checks, act, on)
      .catch((error: unknown): ActResult => ({ kind: 'failed', why: messageOf(error) }))
      .then((result) => {
        stop();
        resolve(result);
      });
  });
  return tooLate;
}

const TOO_LATE = 'LG_RUNTIME_DEADLINE';

function pause(ms: number, clock: Clock): Promise<ActResult> {
  return new Promise((resolve) => {
    clock.after(ms, () => resolve({ kind: 'done' }));
  });
}

async function doAct(
  run: string,
  checks: readonly GateCheck[],
  act: Exclude<Act, { kind: 'pause' }>,
  on: ActWorld,
): Promise<ActResult> {
  const { world } = on;
  const limitMs = ACT_DEADLINE_MS[act.kind];
  switch (act.kind) {
    case 'fence': {
      const fence = await on.fence(run, act.states);
      if (!fence.ok) return failed(fence);
      const told = await world.fence({ run, fence: fence.value }, act.states, limitMs);
      if (!told.ok) return failed(told);
      const targets = await identify(act.states, world, limitMs);
      const strangers = await strangersAt(run, act.states, world);
      const writers = world.writers(act.states);
      return { kind: 'fenced', fence: fence.value, writers, targets, strangers };
    }
    case 'pause-writers':
      return eachWriter(act.writers, (writer) =>
        world.pause({ run, fence: act.fence }, writer, act.seconds, limitMs),
      );
    case 'resume-writers':
      return eachWriter(act.writers.toReversed(), (writer) => world.resume(run, writer, limitMs));
    case 'preflight':
      return preflight(run, act, world, limitMs);
    case 'sample': {
      const samples = await world.sample(checks, limitMs);
      return { kind: 'sampled', samples, nonce: toHex(on.random(16)) };
    }
    case 'reach':
      return { kind: 'reached', samples: await world.reach(act.probes, limitMs) };
    case 'take-before': {
      // Both only look, and whoever is broken answers late.
      const taken = world.takeBefore(run, act.states, limitMs);
      const [before, baseline] = await Promise.all([
        taken,
        world.sample(checks, ACT_DEADLINE_MS.sample, taken),
      ]);
      return before.ok ? { kind: 'before-taken', before: before.value, baseline } : failed(before);
    }
    case 'arm':
    case 'disarm':
    case 'confirm-device':
      return timerAct({ run, fence: act.fence }, act, world);
    case 'extend':
      return moveLimits(run, act, world, limitMs);
    case 'observe':
      return observe(act.states, world, limitMs);
    case 'apply': {
      const by = { run, fence: act.fence };
      const applied = await world.apply(by, act.step, limitMs, act.target);
      return applied.ok ? { kind: 'applied', outcome: applied.value } : failed(applied);
    }
    case 'plan-undo':
      return planUndo(act.questions, world, limitMs);
    default:
      return assertUnreachable(act);
  }
}

/** Who the targets are. One that does not answer is asked again before it is changed. */
async function identify(
  states: readonly string[],
  world: RunWorld,
  limitMs: number,
): Promise<Readonly<Record<string, TargetIdentity>>> {
  const found: Record<string, TargetIdentity> = {};
  for (const state of states) {
    const target = await world.identify?.(state, limitMs);
    if (target?.ok === true) found[state] = target.value;
  }
  return found;
}

async function preflight(
  run: string,
  act: Extract<Act, { kind: 'preflight' }>,
  world: RunWorld,
  limitMs: number,
): Promise<ActResult> {
  const names = act.states.map(({ state }) => state);
  world.deadMan.expect?.(run, names);
  const found = await Promise.all(
    act.states.map(async ({ state, desired }) => ({
      state,
      result: await world.preflight(state, desired, limitMs),
    })),
  );
  const states: Extract<ActResult, { kind: 'preflighted' }>['states'][number][] = [];
  for (const { state, result } of found) {
    if (!result.ok) return failed(result);
    states.push({ state, ...result.value });
  }
  return { kind: 'preflighted', states };
}

async function observe(
  states: readonly string[],
  world: RunWorld,
  limitMs: number,
): Promise<ActResult> {
  const images = await Promise.all(
    states.map(async (state) => ({ state, image: await world.observe(state, limitMs) })),
  );
  const readings: { state: string; fingerprint: string }[] = [];
  for (const { state, image } of images) {
    if (!image.ok) return failed(image);
    readings.push({ state, fingerprint: fingerprintOf(image.value) });
  }
  return { kind: 'observed', readings };
}

/** One after the other: an undo touches one state at a time, and a survey is in no hurry. */
async function planUndo(
  questions: readonly UndoQuestion[],
  world: RunWorld,
  limitMs: number,
): Promise<ActResult> {
  const answers: UndoAnswer[] = [];
  for (const question of questions) {
    const answer = await wayBack(question, world, limitMs);
    // A survey of many tells what it can; a single question without an answer has failed.
    if (answer.ok) answers.push(answer.value);
    else if (questions.length === 1) return failed(answer);
  }
  return { kind: 'undo-planned', answers };
}

async function wayBack(
  question: UndoQuestion,
  world: RunWorld,
  limitMs: number,
): Promise<Result<UndoAnswer>> {
  const { state, traits } = question;
  const now = await world.observe(state, limitMs);
  if (!now.ok) return now;
  const fingerprint = fingerprintOf(now.value);
  const before = await world.image(question.before);
  if (!before.ok) return before;
  const steps = world.planState(state, now.value, before.value, question.before);
  if (!steps.ok) return steps;
  // Without the target's image nothing can be called half done; it is foreign then.
  const wanted = await world.image(question.target);
  const free = traits.atomic === 'none' ? question.openPaths : [];
  const mixed = wanted.ok && isMixOf(now.value, before.value, wanted.value, free);
  return ok({ state, fingerprint, mixed, steps: steps.value });
}
