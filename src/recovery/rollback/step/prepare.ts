import { assertUnreachable } from '../../../base/assert.ts';
import { remainingMs, type Instant } from '../../../model/run/instant.ts';
import type { PreparedState, RunEntry } from '../../../model/run/run-journal.ts';
import { whyOtherTarget } from '../../../model/component/target-identity.ts';
import type { ActResult } from './act.ts';
import type { FoundState, RunMachine, Stage, Stepped, Stop } from './machine.ts';
import { COMMIT_BUDGET_MS_MAX, PAUSED_MS_MAX, PREPARE_MS_MAX } from './limits.ts';
import { companionsOf, movedCompanions } from './companions.ts';
import { componentOf, preparedState, statesOf, targetImage } from './run-states.ts';
import { close } from './close.ts';
import { whyNothingToHeal } from './nothing-to-heal.ts';
import { begin, goOn, stamp, write, writeAndGo } from './stepped.ts';

/**
 * PLANNED and PREPARING: lock, pause writers, look again, sample the baseline and take P, arm the
 * timers. Whatever goes wrong up to here ends ABORTED with nothing changed.
 */

type Prepared = Extract<RunEntry, { kind: 'prepared' }>;

/** Begins with the lock and the fencing token. */
export function proceedPlanned(machine: RunMachine): Stepped {
  if (machine.stop !== undefined) return abort(machine, machine.stop);
  const states = statesOf(machine.record);
  return begin(machine, { kind: 'fence' }, { kind: 'fence', states });
}

/** Looks at the states once the writers stand still. */
export function proceedPreparing(machine: RunMachine): Stepped {
  const { record } = machine;
  if (machine.stop !== undefined) return abort(machine, machine.stop);
  const states = statesOf(record).map((state) => ({
    state,
    desired: targetImage(record, state),
  }));
  return begin(machine, { kind: 'preflight' }, { kind: 'preflight', states });
}

/** Takes the answer of an act of these phases. */
export function preparingActed(
  machine: RunMachine,
  stage: Stage,
  result: ActResult,
  at: Instant,
): Stepped {
  if (result.kind === 'failed') return abort(machine, refusal(result.why, result.code));
  // From the first armed timer on, the way out is longer; it is taken before that.
  if (machine.stop !== undefined && stage.kind !== 'fence' && stage.kind !== 'pause-writers') {
    return abort(machine, machine.stop);
  }
  switch (stage.kind) {
    case 'fence':
      return result.kind === 'fenced' ? fenced(machine, result, at) : bug(machine, stage);
    case 'pause-writers':
      return goOn(machine);
    case 'preflight':
      return result.kind === 'preflighted' ? preflighted(machine, result) : bug(machine, stage);
    case 'before':
      return result.kind === 'before-taken'
        ? beforeTaken(machine, stage, result, at)
        : bug(machine, stage);
    case 'companions':
      return result.kind === 'observed'
        ? companionsRead(machine, stage.prepared, result, at)
        : bug(machine, stage);
    case 'arm':
      return arm(machine, stage.left.slice(1), at);
    case 'refence':
    case 'check':
    case 'apply':
    case 'reread':
    case 'state-verify':
    case 'gate-sample':
    case 'gate-wait':
    case 'watch-wait':
    case 'watch-sample':
    case 'watch-read':
    case 'watch-reach':
    case 'reach':
    case 'extend':
    case 'confirm-device':
    case 'final-read':
    case 'final-companions':
    case 'commit-pause':
    case 'plan-undo':
    case 'undo-pause':
    case 'disarm':
    case 'back-read':
    case 'survey':
    case 'close-disarm':
    case 'close-resume':
    case 'close-pause':
      return bug(machine, stage);
    default:
      return assertUnreachable(stage);
  }
}

function fenced(
  machine: RunMachine,
  result: Extract<ActResult, { kind: 'fenced' }>,
  at: Instant,
): Stepped {
  const preparing = write(machine, { kind: 'preparing', at: stamp(at), fence: result.fence });
  const { writers } = result;
  if (writers.length === 0) return goOn(preparing.machine, preparing.effects);
  const pausing = write(preparing.machine, { kind: 'freezing', at: stamp(at), writers });
  const effects = [...preparing.effects, ...pausing.effects];
  if (machine.stop !== undefined) return goOn(pausing.machine, effects);
  const seconds = pausedSecondsMax(machine.record.plan.content.confirmTimeoutMs);
  const { fence } = result;
  const act = { kind: 'pause-writers', fence, writers, seconds } as const;
  return begin(pausing.machine, { kind: 'pause-writers' }, act, effects);
}

/** Preparing, twice the confirm deadline for the way there and back, and what a commit takes. */
function pausedSecondsMax(confirmTimeoutMs: number): number {
  const ms = PREPARE_MS_MAX + 2 * confirmTimeoutMs + COMMIT_BUDGET_MS_MAX;
  return Math.ceil(Math.min(ms, PAUSED_MS_MAX) / 1000);
}

/** All is as planned: P is taken. */
function preflighted(
  machine: RunMachine,
  result: Extract<ActResult, { kind: 'preflighted' }>,
): Stepped {
  const refused = whyNotAsPlanned(machine, result);
  if (refused !== undefined) return abort(machine, refused);
  const next = { kind: 'before', traits: traitsOf(result) } as const;
  return begin(machine, next, { kind: 'take-before', states: statesOf(machine.record) });
}

function whyNotAsPlanned(
  machine: RunMachine,
  { states }: Extract<ActResult, { kind: 'preflighted' }>,
): ReturnType<typeof refusal> | undefined {
  const { observed, targets } = machine.record.plan.content;
  for (const { state, fingerprint, findings, target } of states) {
    const planned = targets?.[state];
    const other = planned && target && whyOtherTarget(planned, target);
    if (other !== undefined) return refusal(`${state}: ${other}`, 'LG_PROVIDER_TARGET_CHANGED');
    if (fingerprint !== observed[state]) return stale(state);
    const [finding] = findings;
    if (finding !== undefined) return refusal(`${state}: ${finding}`, 'LG_ROLLBACK_IMPOSSIBLE');
  }
  return undefined;
}

function traitsOf({ states }: Extract<ActResult, { kind: 'preflighted' }>): readonly FoundState[] {
  return states.map(({ state, traits, target }) =>
    target === undefined ? { state, traits } : { state, traits, target },
  );
}

function beforeTaken(
  machine: RunMachine,
  stage: Extract<Stage, { kind: 'before' }>,
  result: Extract<ActResult, { kind: 'before-taken' }>,
  at: Instant,
): Stepped {
  const { observed } = machine.record.plan.content;
  const { before, baseline } = result;
  const over = whyNothingToHeal(machine.record, baseline);
  if (over !== undefined) return abort(machine, refusal(over));
  const states: PreparedState[] = [];
  for (const found of stage.traits) {
    const kept = before.states.find(({ state }) => state === found.state);
    if (kept === undefined) {
      return abort(machine, refusal(`${found.state} is not in checkpoint ${before.checkpoint}`));
    }
    if (kept.fingerprint !== observed[found.state]) return abort(machine, stale(found.state));
    const { traits, target } = found;
    states.push(target === undefined ? { ...kept, traits } : { ...kept, traits, target });
  }
  const entry: Prepared = {
    kind: 'prepared',
    at: stamp(at),
    before: before.checkpoint,
    states,
    baseline,
  };
  const companions = companionsOf(machine.record);
  if (companions.length === 0) return prepared(machine, entry, at);
  const act = { kind: 'observe', states: companions } as const;
  return begin(machine, { kind: 'companions', prepared: entry }, act);
}

/** What travels with the changed states is still as the plan saw it, or the plan is stale. */
function companionsRead(
  machine: RunMachine,
  entry: Prepared,
  { readings }: Extract<ActResult, { kind: 'observed' }>,
  at: Instant,
): Stepped {
  const [moved] = movedCompanions(machine.record, readings);
  return moved === undefined ? prepared(machine, entry, at) : abort(machine, stale(moved));
}

/** P stands: the deadline begins, and the first timer is armed. */
function prepared(machine: RunMachine, entry: Prepared, at: Instant): Stepped {
  const kept = write(machine, { ...entry, at: stamp(at) });
  const timers = entry.states.filter(({ traits }) => traits.confirm !== 'none');
  const states = timers.map(({ state }) => state);
  const deadline = { set: at, afterMs: machine.record.plan.content.confirmTimeoutMs };
  const written = write(kept.machine, { kind: 'arming', at: stamp(at), states, deadline });
  const stepped = arm(written.machine, states, at);
  return { ...stepped, effects: [...kept.effects, ...written.effects, ...stepped.effects] };
}

/**
 * Each device waits longer than we do: the commit itself takes time, and clocks differ. All of them
 * fire at one moment, however long arming the others before them took.
 */
function arm(machine: RunMachine, left: readonly string[], at: Instant): Stepped {
  const [state] = left;
  if (state === undefined) return writeAndGo(machine, { kind: 'armed', at: stamp(at) });
  const { record } = machine;
  const { image: before, target } = preparedState(record, state);
  const { confirmTimeoutMs } = record.plan.content;
  const leftMs = record.deadline === undefined ? 0 : remainingMs(record.deadline, at);
  const deviceMs = leftMs + Math.min(COMMIT_BUDGET_MS_MAX, confirmTimeoutMs);
  const wanted = targetImage(record, state);
  const order = { state, before, wanted, seconds: Math.ceil(deviceMs / 1000) };
  const whole = target === undefined ? order : { ...order, target: { host: target.host } };
  return begin(machine, { kind: 'arm', left }, { kind: 'arm', fence: record.fence, order: whole });
}

/** Ends a run that has changed nothing. */
export function abort(machine: RunMachine, stop: Omit<Stop, 'decision' | 'by'>): Stepped {
  const progress = statesOf(machine.record).map((state) => ({
    state,
    component: componentOf(machine.record, state),
    at: 'before' as const,
    report: 'not touched',
  }));
  const closing = { state: 'ABORTED', why: stop.why, progress, byHand: [] } as const;
  return close(machine, stop.code === undefined ? closing : { ...closing, code: stop.code });
}

function stale(state: string): Omit<Stop, 'decision' | 'by'> {
  return refusal(`${state} was changed since the plan was made`, 'LG_ROLLBACK_PLAN_STALE');
}

function refusal(why: string, code?: string): Omit<Stop, 'decision' | 'by'> {
  return code === undefined ? { why } : { why, code };
}

function bug(machine: RunMachine, stage: Stage): Stepped {
  return abort(machine, refusal(`an answer did not fit the stage ${stage.kind}`, 'LG_RUNTIME_BUG'));
}
