import { assert } from '../../../base/assert.ts';
import type { Instant } from '../../../model/run/instant.ts';
import type { PlanStep } from '../../../model/run/plan.ts';
import type { Direction } from '../../../model/run/run-journal.ts';
import type { ApplyOutcome } from '../../../model/run/run-world.ts';
import type { ActResult } from './act.ts';
import type { Effect } from './event.ts';
import type { Intended, RunMachine, Stage, Stepped } from './machine.ts';
import { preparedState } from './run-states.ts';
import { begin, stamp, write, writeAndGo } from './stepped.ts';

/**
 * The one way anything is changed, forward and back: INTENT is durable, the state is re-read and
 * must be as expected, the step is applied, the state is re-read again, DONE is durable.
 */

/** What a mutation came to, for the phase to judge. */
export type Mutation =
  | { readonly kind: 'going-on'; readonly stepped: Stepped }
  | { readonly kind: 'done'; readonly stepped: Stepped }
  /** Checked and as expected: the phase may still refuse to apply. */
  | ({ readonly kind: 'ready' } & Intended)
  | {
      readonly kind: 'failed';
      readonly why: string;
      /** Knows whether the step is certain to have changed nothing. */
      readonly machine: RunMachine;
      readonly effects: readonly Effect[];
    };

/** Writes the INTENT and re-reads the state. */
export function intend(
  machine: RunMachine,
  direction: Direction,
  step: PlanStep,
  at: Instant,
): Stepped {
  const isFirst = machine.record.open.every(({ id }) => id !== step.id);
  const written = write(machine, { kind: 'intent', at: stamp(at), direction, step });
  const act = { kind: 'observe', states: [step.state] } as const;
  return begin(written.machine, { kind: 'check', direction, step, isFirst }, act, written.effects);
}

/** Applies a step that was checked, under the run's fencing token and to its target alone. */
export function applyStep(machine: RunMachine, { direction, step, isFirst }: Intended): Stepped {
  const { fence } = machine.record;
  const { target } = preparedState(machine.record, step.state);
  const stage = { kind: 'apply', direction, step, isFirst } as const;
  if (target === undefined) return begin(machine, stage, { kind: 'apply', step, fence });
  // The way back goes on after the target was restarted; the way forward must be looked at anew.
  const meant = direction === 'forward' ? target : { host: target.host };
  return begin(machine, stage, { kind: 'apply', step, fence, target: meant });
}

/** Takes the answer of one of the three acts of a mutation. */
export function mutationActed(
  machine: RunMachine,
  stage: Extract<Stage, { kind: 'check' | 'apply' | 'reread' }>,
  result: ActResult,
  at: Instant,
): Mutation {
  const { step, direction, isFirst } = stage;
  if (stage.kind === 'apply') {
    const outcome = outcomeOf(result);
    const act = { kind: 'observe', states: [step.state] } as const;
    const reread = { kind: 'reread', direction, step, isFirst, outcome } as const;
    return { kind: 'going-on', stepped: begin(machine, reread, act) };
  }
  if (result.kind === 'failed') {
    return failed(machine, `${step.state} could not be read: ${result.why}`);
  }
  assert(result.kind === 'observed', 'a read is answered by readings');
  const fingerprint = result.readings.find(({ state }) => state === step.state)?.fingerprint;
  if (stage.kind === 'check') return checked(machine, stage, fingerprint, at);
  if (stage.outcome.kind !== 'done') {
    const why = `${step.state}: ${stage.outcome.why}`;
    return stage.outcome.kind === 'unknown'
      ? failed(machine, why)
      : untouched(machine, stage, why, at);
  }
  if (fingerprint === step.becomes) return done(machine, direction, step, at);
  return failed(machine, `${step.state} is not as step ${step.id} should have left it`);
}

function checked(
  machine: RunMachine,
  stage: Extract<Stage, { kind: 'check' }>,
  fingerprint: string | undefined,
  at: Instant,
): Mutation {
  const { step, direction } = stage;
  if (fingerprint === step.expects) return { ...stage, kind: 'ready' };
  // Already as wanted: nothing to apply, and nobody's work is overwritten.
  if (fingerprint === step.becomes) return done(machine, direction, step, at);
  const why = `${step.state} was changed by somebody else before step ${step.id}`;
  return untouched(machine, stage, why, at);
}

function failed(machine: RunMachine, why: string): Extract<Mutation, { kind: 'failed' }> {
  return { kind: 'failed', why, machine, effects: [] };
}

/**
 * The step changed nothing, so what was found is somebody else's: as long as its INTENT stood, a
 * state that is not atomic would pass for half done by us, and the way back would overwrite it.
 */
export function untouched(
  machine: RunMachine,
  { direction, step, isFirst }: Intended,
  why: string,
  at: Instant,
): Extract<Mutation, { kind: 'failed' }> {
  if (!isFirst) return failed(machine, why);
  const entry = { kind: 'untouched', at: stamp(at), direction, step: step.id, why } as const;
  return { kind: 'failed', why, ...write(machine, entry) };
}

function done(machine: RunMachine, direction: Direction, step: PlanStep, at: Instant): Mutation {
  const { id, state, becomes: fingerprint } = step;
  const entry = { kind: 'done', at: stamp(at), direction, step: id, state, fingerprint } as const;
  return { kind: 'done', stepped: writeAndGo(machine, entry) };
}

function outcomeOf(result: ActResult): ApplyOutcome {
  if (result.kind === 'applied') return result.outcome;
  const why = result.kind === 'failed' ? result.why : 'the answer did not fit';
  if (result.kind === 'failed' && result.code === 'LG_PROVIDER_FOREIGN_CHANGE') {
    return { kind: 'failed-clean', why };
  }
  // A failed call may still have changed something: only the re-read tells.
  return { kind: 'unknown', why };
}
