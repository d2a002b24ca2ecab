import { stamp } from '../../src/recovery/rollback/step/stepped.ts';
import { beginRun, recoverRun, step } from '../../src/recovery/rollback/step.ts';
import { foldEntry } from '../../src/recovery/rollback/step/record.ts';
import type { ActResult } from '../../src/recovery/rollback/step/act.ts';
import type { Stage } from '../../src/recovery/rollback/step/machine.ts';
import type { Node, Sabotage } from './explorer.ts';
import { outcomesOf, type Outcome } from './small-world.ts';

/**
 * Safeguards switched off one by one, each as a fault somebody really shipped. The engine's code is
 * left alone: its effects are not carried out, its journal loses entries, its eyes are lied to.
 */

/** Devices answer "armed" and are not. */
export const timersNotArmed: Sabotage = {
  outcomes: (act, world, setup, node) =>
    outcomesOf(act, world, setup, node).map((way) =>
      act.kind === 'arm' ? { ...way, world } : way,
    ),
};

/** P is said to be taken and is not. */
export const noCheckpointBefore: Sabotage = {
  outcomes: (act, world, setup, node) =>
    outcomesOf(act, world, setup, node).map((way) =>
      act.kind === 'take-before' ? { ...way, world } : way,
    ),
};

/** The run is confirmed, and nobody tells the dead-man. */
export const confirmLeavesTimer: Sabotage = {
  outcomes: (act, world, setup, node) =>
    outcomesOf(act, world, setup, node).map((way) =>
      act.kind === 'confirm-device' ? { ...way, world } : way,
    ),
};

/** Whatever the reach probe answers, the engine is told that it is green. */
export const reachedAnyway: Sabotage = {
  outcomes: (act, world, setup, node) =>
    outcomesOf(act, world, setup, node).map((way) =>
      way.result.kind === 'reached'
        ? { ...way, result: { ...way.result, samples: way.result.samples.map(green) } }
        : way,
    ),
};

function green<Sample extends object>(sample: Sample): Sample & { readonly color: 'green' } {
  return { ...sample, color: 'green' };
}

/** The dead-man neither takes the lock nor looks at the fence: whoever was at work goes on. */
export const noLock: Sabotage = {
  outcomes: (act, world, setup, node) => {
    if (act.kind !== 'apply' || act.fence >= (world.seen[act.step.state] ?? 0)) {
      return outcomesOf(act, world, setup, node);
    }
    const { state } = act.step;
    const blind = { ...world, seen: { ...world.seen, [state]: act.fence } };
    return outcomesOf(act, blind, setup, node).map((way) => ({
      ...way,
      world: { ...way.world, sins: [...way.world.sins, 'two writers of one state'] },
    }));
  },
};

/** A step that failed ends the run on the spot, its timer running (netopeer2#1826). */
export const failureEndsAtOnce: Sabotage = {
  step: (machine, event, context) => {
    const stage = machine.doing?.stage;
    const isFailure = stage?.kind === 'reread' && stage.outcome.kind === 'failed-clean';
    if (event.kind !== 'acted' || !isFailure || stage.direction === 'undo') {
      return step(machine, event, context);
    }
    const entry = {
      kind: 'ended',
      at: stamp(context.at),
      state: 'ABORTED',
      why: 'failed',
      progress: [],
      byHand: [],
    } as const;
    const { doing: _, ...rest } = machine;
    return {
      machine: { ...rest, record: foldEntry(machine.record, entry) },
      effects: [{ kind: 'append', entry }, { kind: 'unlock' }],
    };
  },
};

/** Nobody looks before writing: a foreign state reads as whatever was hoped for. */
export const noLookBeforeWriting: Sabotage = {
  outcomes: (act, world, setup, node) =>
    outcomesOf(act, world, setup, node).map((way) => ({
      ...way,
      result: replaced(way.result, (state) => hopedFor(stageOf(node), state)),
    })),
};

/** A confirm is taken however late it comes. */
export const lateConfirm: Sabotage = {
  step: (machine, event, context) => {
    const { deadline } = machine.record;
    if (event.kind !== 'confirm' || deadline === undefined) return step(machine, event, context);
    return step(machine, event, { ...context, at: deadline.set });
  },
};

/** Nothing is read after the decision, and devices are not asked. */
export const noFinalReading: Sabotage = {
  outcomes: (act, world, setup, node) =>
    outcomesOf(act, world, setup, node).map((way) => blind(way, node, ['final-read'])),
};

/** Neither the state nor the last reading is compared with the target. */
export const noStateVerify: Sabotage = {
  outcomes: (act, world, setup, node) =>
    outcomesOf(act, world, setup, node).map((way) =>
      blind(way, node, ['state-verify', 'watch-read', 'final-read']),
    ),
};

/** A failed undo is reported as done (deploy-rs#214). */
export const undoFailureCalledDone: Sabotage = {
  outcomes: (act, world, setup, node) =>
    outcomesOf(act, world, setup, node).map((way) => {
      const stage = stageOf(node);
      if (act.kind === 'apply' && stage?.kind === 'apply' && stage.direction === 'undo') {
        return { ...way, result: { kind: 'applied', outcome: { kind: 'done' } } };
      }
      const isAfter = stage?.kind === 'back-read' || stage?.kind === 'reread';
      if (way.world.broken === undefined) return way;
      if (way.result.kind === 'undo-planned') {
        const answers = way.result.answers.map(({ state }) => {
          return { state, fingerprint: `${state}:pre`, mixed: true, steps: [] };
        });
        return { ...way, result: { kind: 'undo-planned', answers } };
      }
      if (!isAfter) return way;
      return { ...way, result: replaced(way.result, (state) => `${state}:pre`) };
    }),
};

/** Intents never reach the disk. */
export const noIntents: Sabotage = { isKept: (entry) => entry.kind !== 'intent' };

/** Nobody takes the run over after a crash (Helm's pending releases). */
export const noRecovery: Sabotage = { neverRestart: true };

/** What needs a person is unlocked like everything else. */
export const noQuarantine: Sabotage = {
  step: (machine, event, context) => {
    const result = step(machine, event, context);
    const isEnd = result.effects.some(
      (effect) => effect.kind === 'append' && effect.entry.kind === 'ended',
    );
    if (!isEnd) return result;
    return { ...result, effects: [...result.effects, { kind: 'unlock' }] };
  },
};

/** The gate says "healed" whatever was seen. */
export const credulousGate: Sabotage = {
  step: (machine, event, context) =>
    step(machine, event, {
      ...context,
      judge: () => ({ kind: 'passed', healed: true, notJudged: [] }),
    }),
};

/** What was changed so far is said to be as wanted, without looking. */
export const batchNotRead: Sabotage = {
  outcomes: (act, world, setup, node) =>
    outcomesOf(act, world, setup, node).map((way) =>
      phaseOf(node) === 'APPLYING' ? blind(way, node, ['state-verify']) : way,
    ),
};

/** Guards are asked after a batch, and whatever they say is good. */
export const batchNotJudged: Sabotage = {
  step: (machine, event, context) => {
    if (machine.record.phase !== 'APPLYING') return step(machine, event, context);
    const judge = () => ({ kind: 'passed', notJudged: [] }) as const;
    return step(machine, event, { ...context, judge });
  },
};

/** Everything is changed at once, whatever the plan says. */
export const noBatches: Sabotage = {
  step: (machine, event, context) => {
    const { plan } = machine.record;
    const { batches: _, ...content } = plan.content;
    const record = { ...machine.record, plan: { ...plan, content } };
    const result = step({ ...machine, record }, event, context);
    return {
      ...result,
      machine: { ...result.machine, record: { ...result.machine.record, plan } },
    };
  },
};

/** Whoever takes a run over goes on where it was. */
export const blindResumption: Sabotage = {
  recover: (record, held, context) =>
    record.ended === undefined
      ? beginRun(record, held, context)
      : recoverRun(record, held, context),
};

/** The decision is not written down before it is carried out. */
export const decisionNotKept: Sabotage = { isKept: (entry) => entry.kind !== 'decided' };

function blind(way: Outcome, node: unknown, stages: readonly Stage['kind'][]): Outcome {
  const stage = stageOf(node);
  if (stage?.kind === 'confirm-device' && way.result.kind === 'device') {
    return { ...way, result: { kind: 'device', state: 'confirmed' } };
  }
  if (stage === undefined || !stages.includes(stage.kind)) return way;
  return { ...way, result: replaced(way.result, (state) => `${state}:tgt`) };
}

function replaced(
  result: ActResult,
  fingerprintOf: (state: string) => string | undefined,
): ActResult {
  if (result.kind === 'observed') {
    const readings = result.readings.map((reading) => ({
      ...reading,
      fingerprint: fingerprintOf(reading.state) ?? reading.fingerprint,
    }));
    return { ...result, readings };
  }
  if (result.kind === 'preflighted') {
    const states = result.states.map((state) => ({
      ...state,
      fingerprint: fingerprintOf(state.state) ?? state.fingerprint,
    }));
    return { ...result, states };
  }
  return result;
}

function hopedFor(stage: Stage | undefined, state: string): string | undefined {
  if (stage?.kind === 'preflight') return `${state}:pre`;
  return stage?.kind === 'check' ? stage.step.expects : undefined;
}

function phaseOf(node: unknown): string | undefined {
  return machineIn(node)?.record.phase;
}

function stageOf(node: unknown): Stage | undefined {
  return machineIn(node)?.doing?.stage;
}

function machineIn(node: unknown): Node['machine'] {
  return (node as Node).machine;
}
