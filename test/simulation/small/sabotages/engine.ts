import type { Deadline, Instant } from '../../../../src/model/run/instant.ts';
import { stamp } from '../../../../src/recovery/rollback/step/stepped.ts';
import type { ActResult } from '../../../../src/recovery/rollback/step/act.ts';
import { beginRun, recoverRun, step } from '../../../../src/recovery/rollback/step.ts';
import { foldEntry } from '../../../../src/recovery/rollback/step/record.ts';
import type { Sabotage } from '../node.ts';

/** Safeguards of the engine itself switched off, by what it is told and by what is done with it. */

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

/** A confirm is taken however late it comes. */
export const lateConfirm: Sabotage = {
  step: (machine, event, context) => {
    const { deadline } = machine.record;
    if (event.kind !== 'confirm' || deadline === undefined) return step(machine, event, context);
    return step(machine, event, { ...context, at: deadline.set });
  },
};

/** The deadline is that of the wall clock, whoever sets it. */
export const onlyWallClock: Sabotage = withClock((deadline, at) => ({
  ...at,
  uptimeMs: deadline.set.uptimeMs + Math.max(0, at.wallMs - deadline.set.wallMs),
  wallMs: Math.max(at.wallMs, deadline.set.wallMs),
  bootId: deadline.set.bootId,
}));

/** A restart of the machine is not noticed: uptime goes on from where it was. */
export const bootForgotten: Sabotage = withClock((deadline, at) =>
  at.bootId === deadline.set.bootId
    ? at
    : {
        ...at,
        uptimeMs: deadline.set.uptimeMs + at.wallMs - deadline.set.wallMs,
        bootId: deadline.set.bootId,
      },
);

function withClock(read: (deadline: Deadline, at: Instant) => Instant): Sabotage {
  return {
    step: (machine, event, context) => {
      const { deadline } = machine.record;
      if (deadline === undefined) return step(machine, event, context);
      return step(machine, event, { ...context, at: read(deadline, context.at) });
    },
    recover: (record, held, context) => {
      const { deadline } = record;
      if (deadline === undefined) return recoverRun(record, held, context);
      return recoverRun(record, held, { ...context, at: read(deadline, context.at) });
    },
  };
}

/** Whoever answers has approved: nobody looks at which plan, or at who it is. */
export const anyWord: Sabotage = {
  step: (machine, event, context) => {
    if (event.kind !== 'approve') return step(machine, event, context);
    const { plan, requestedBy, expires } = machine.record;
    const by = event.by === requestedBy ? 'carl' : event.by;
    const at = expires.set;
    return step(machine, { ...event, by, planHash: plan.planHash }, { ...context, at });
  },
};

/** A timer whose arming did not answer is taken for one that is not armed. */
export const silentArmForgotten: Sabotage = {
  step: (machine, event, context) => {
    const isArming = machine.doing?.stage.kind === 'arm';
    if (event.kind !== 'acted' || event.result.kind !== 'failed' || !isArming) {
      return step(machine, event, context);
    }
    return step({ ...machine, record: { ...machine.record, arming: [] } }, event, context);
  },
};

/** Whoever tries again knows nothing of the timers that could not be taken away. */
export const timersForgottenOnResume: Sabotage = {
  step: (machine, event, context) => {
    const result = step(machine, event, context);
    if (event.kind !== 'resume') return result;
    const record = { ...result.machine.record, arming: [] };
    return { ...result, machine: { ...result.machine, record } };
  },
  isKept: () => true,
};

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

/** The gate says "healed", and every check is taken for green, whatever was seen. */
export const credulousGate: Sabotage = {
  step: (machine, event, context) =>
    step(machine, event.kind === 'acted' ? { ...event, result: allGreen(event.result) } : event, {
      ...context,
      judge: () => ({ kind: 'passed', healed: true, notJudged: [] }),
    }),
};

function allGreen(result: ActResult): ActResult {
  if (result.kind !== 'sampled') return result;
  const samples = result.samples.map((sample) => ({ ...sample, color: 'green' as const }));
  return { ...result, samples };
}

/** One green round is taken for the whole window. */
export const oneRoundIsEnough: Sabotage = {
  step: (machine, event, context) =>
    step(machine, event, { ...context, judge: (input) => context.judge({ ...input, samples: 1 }) }),
};

/** Silence keeps, whatever the plan says of it. */
export const silenceAlwaysKeeps: Sabotage = {
  step: (machine, event, context) => {
    const { plan } = machine.record;
    const content = { ...plan.content, onSilence: 'keep-if-healed' } as const;
    const record = { ...machine.record, plan: { ...plan, content } };
    const result = step({ ...machine, record }, event, context);
    return {
      ...result,
      machine: { ...result.machine, record: { ...result.machine.record, plan } },
    };
  },
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

/** Nobody takes the run over after a crash (Helm's pending releases). */
export const noRecovery: Sabotage = { neverRestart: true };

/** Intents never reach the disk. */
export const noIntents: Sabotage = { isKept: (entry) => entry.kind !== 'intent' };

/** Which timers may run is not written down before they are armed. */
export const timersNotWritten: Sabotage = { isKept: (entry) => entry.kind !== 'arming' };

/** Who is paused is not written down before he is. */
export const pausesNotWritten: Sabotage = { isKept: (entry) => entry.kind !== 'freezing' };
