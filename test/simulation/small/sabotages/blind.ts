import type { Stage } from '../../../../src/recovery/rollback/step/machine.ts';
import { outcomesOf, type Outcome } from '../acts.ts';
import { COMPANION } from '../companion.ts';
import type { Node, Sabotage } from '../node.ts';
import { print } from '../small-plan.ts';
import { wordOf } from '../small-world.ts';
import { lie, machineIn, replaced } from './lie.ts';

/** Looks that are not taken: the engine, or a provider, believes what it hopes for. */

/** Whoever writes does not look again under its own lock. */
const providerDoesNotLook = (
  ...[act, world, setup, node]: Parameters<typeof outcomesOf>
): readonly Outcome[] => {
  if (act.kind !== 'apply') return outcomesOf(act, world, setup, node);
  const { state } = act.step;
  const expects = print(state, wordOf(world, state));
  return outcomesOf({ ...act, step: { ...act.step, expects } }, world, setup, node);
};

/** Between the engine's last look and the write nobody looks. */
export const noLookUnderTheLock: Sabotage = { outcomes: providerDoesNotLook };

/** Nobody looks before writing: a foreign state reads as whatever was hoped for. */
export const noLookBeforeWriting: Sabotage = {
  outcomes: (act, world, setup, node) =>
    providerDoesNotLook(act, world, setup, node).map((way) => ({
      ...way,
      result: replaced(way.result, (state) => hopedFor(machineIn(node)?.doing?.stage, state)),
    })),
};

/** Nothing is read after the decision, and devices are not asked. */
export const noFinalReading: Sabotage = lie((way, stage) => blind(way, stage, ['final-read']));

/** A state is never compared with what the target wants. */
export const noStateVerify: Sabotage = lie((way, stage) =>
  blind(way, stage, ['state-verify', 'watch-read', 'final-read']),
);

/** What was changed so far is said to be as wanted, without looking. */
export const batchNotRead: Sabotage = lie((way, stage, node) =>
  phaseOf(node) === 'APPLYING' ? blind(way, stage, ['state-verify']) : way,
);

/** What travels with the changed states is not read when P is taken. */
export const companionNotRead: Sabotage = lie((way) => ({
  ...way,
  result: replaced(way.result, (state) => (state === COMPANION ? print(state, 'pre') : undefined)),
}));

/** Whatever the reach probe answers, the engine is told that it is green. */
export const reachedAnyway: Sabotage = lie((way) =>
  way.result.kind === 'reached'
    ? { ...way, result: { ...way.result, samples: way.result.samples.map(green) } }
    : way,
);

function green<Sample extends object>(sample: Sample): Sample & { readonly color: 'green' } {
  return { ...sample, color: 'green' };
}

function blind(way: Outcome, stage: Stage | undefined, stages: readonly Stage['kind'][]): Outcome {
  if (stage?.kind === 'confirm-device' && way.result.kind === 'device') {
    return { ...way, result: { kind: 'device', state: 'confirmed' } };
  }
  if (stage === undefined || !stages.includes(stage.kind)) return way;
  return { ...way, result: replaced(way.result, (state) => print(state, 'tgt')) };
}

function hopedFor(stage: Stage | undefined, state: string): string | undefined {
  if (stage?.kind === 'preflight') return print(state, 'pre');
  return stage?.kind === 'check' ? stage.step.expects : undefined;
}

function phaseOf(node: Node): string | undefined {
  return node.machine?.record.phase;
}
