import { assertUnreachable } from '../../../base/assert.ts';
import { isExpired, type Instant } from '../../../model/run/instant.ts';
import type { ActResult } from './act.ts';
import type { RunMachine, Stage, Stepped, Stop } from './machine.ts';
import { applyStep, intend, mutationActed } from './mutate.ts';
import { decide, stamp, writeAndGo } from './stepped.ts';

/** APPLYING: one step after the other; the first thing that is not as expected turns back. */
export function proceedApplying(machine: RunMachine, at: Instant): Stepped {
  const stop = whyStop(machine, at);
  if (stop !== undefined) return decide(machine, at, stop);
  const step = machine.record.plan.content.steps[machine.record.done];
  if (step === undefined) return writeAndGo(machine, { kind: 'verifying', at: stamp(at) });
  return intend(machine, 'forward', step, at);
}

/** Takes the answer of an act of this phase. */
export function applyingActed(
  machine: RunMachine,
  stage: Extract<Stage, { kind: 'check' | 'apply' | 'reread' }>,
  result: ActResult,
  at: Instant,
): Stepped {
  const mutation = mutationActed(machine, stage, result, at);
  switch (mutation.kind) {
    case 'going-on':
    case 'done':
      return mutation.stepped;
    case 'ready': {
      const stop = whyStop(machine, at);
      if (stop !== undefined) return decide(machine, at, stop);
      return applyStep(machine, mutation);
    }
    case 'failed': {
      const { why, effects } = mutation;
      const cancelled = { decision: 'CANCEL', why, by: 'lastgood', step: stage.step.id } as const;
      const next = decide(mutation.machine, at, cancelled);
      return { ...next, effects: [...effects, ...next.effects] };
    }
    default:
      return assertUnreachable(mutation);
  }
}

/**
 * Why a run that is changing things should turn back now. A hold stops everybody's writing because
 * something is not understood; going forward after it would be blind, so the run is cancelled and
 * the way back waits for the hold's end.
 */
export function whyStop(machine: RunMachine, at: Instant): Omit<Stop, 'code'> | undefined {
  if (machine.stop !== undefined) {
    const { decision, why, by } = machine.stop;
    return { decision, why, by };
  }
  if (machine.held) return { decision: 'CANCEL', why: 'writing was put on hold', by: 'lastgood' };
  return whyExpired(machine, at);
}

/** The decision of a passed deadline. */
export function whyExpired(machine: RunMachine, at: Instant): Omit<Stop, 'code'> | undefined {
  const { deadline } = machine.record;
  if (deadline !== undefined && !isExpired(deadline, at)) return undefined;
  const late = machine.record.phase === 'APPLYING' ? ', which applying it took' : '';
  const why = `not confirmed within ${Math.round((deadline?.afterMs ?? 0) / 1000)} s${late}`;
  return { decision: 'EXPIRE', why, by: 'lastgood' };
}
