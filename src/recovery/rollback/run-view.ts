import type { RunApproval, RunBatch, RunProgress, RunView } from '../../model/run/run.ts';
import { batchNow } from './step/batches.ts';
import type { RunRecord } from './step/record.ts';
import { componentOf, statesOf, wantedFingerprint } from './step/run-states.ts';
import { stampOf } from './step/stepped.ts';

/** A run as people see it, from its journal alone. */
export function viewRun(record: RunRecord): RunView {
  const { plan, ended, decided, before, deadline, healthy } = record;
  const why = ended?.why ?? record.commitLost ?? decided?.why;
  // Shown only while it is of use: whoever has it has looked after the change.
  const nonce = record.phase === 'AWAITING_CONFIRM' ? healthy?.nonce : undefined;
  const healed = ended === undefined ? healthy?.healed : ended.healed;
  return {
    run: record.run,
    plan: plan.id,
    planHash: plan.planHash,
    state: record.phase,
    requestedBy: record.requestedBy,
    startedAt: record.startedAt,
    onSilence: plan.content.onSilence,
    confirmTimeoutMs: plan.content.confirmTimeoutMs,
    target: plan.content.target,
    progress: ended?.progress ?? progressOf(record),
    batch: batchOf(record),
    byHand: ended?.byHand ?? [],
    ...approvalOf(record),
    ...(nonce === undefined ? {} : { nonce }),
    ...(ended === undefined ? {} : { endedAt: ended.at }),
    ...(deadline === undefined ? {} : { deadline: stampOf(deadline) }),
    ...(decided === undefined ? {} : { decision: decided.decision }),
    ...(why === undefined ? {} : { why }),
    ...(ended?.code === undefined ? {} : { code: ended.code }),
    ...(healed === undefined ? {} : { healed }),
    ...(decided?.harmed === true ? { harmed: true } : {}),
    ...(before === undefined ? {} : { before: before.checkpoint }),
    ...(plan.incident === undefined ? {} : { incident: plan.incident }),
    ...(plan.undoOf === undefined ? {} : { undoOf: plan.undoOf }),
    ...extensionsOf(record),
    ...(record.refusedConfirms === undefined ? {} : { refusedConfirms: record.refusedConfirms }),
    ...(record.released === undefined ? {} : { released: record.released.reason }),
  };
}

function approvalOf({ plan: { content }, expires, approvedBy: by, breakGlass }: RunRecord): {
  readonly approval?: RunApproval;
} {
  const { approval: why, risks } = content;
  if (why === undefined) return {};
  const word = by === undefined ? {} : { by };
  const glass = breakGlass === undefined ? {} : { breakGlass };
  return { approval: { why, risks, until: stampOf(expires), ...word, ...glass } };
}

function extensionsOf({ extensions }: RunRecord): Pick<RunView, 'extensions'> {
  if (extensions === undefined) return {};
  return {
    extensions: extensions.map(({ at, by, deadline }) => ({ at, by, until: stampOf(deadline) })),
  };
}

function batchOf(record: RunRecord): RunBatch {
  const { batch, number, of } = batchNow(record);
  return { number, of, components: batch.components };
}

/** Where each state stands while the run is under way, as far as whole steps tell. */
function progressOf(record: RunRecord): readonly RunProgress[] {
  const done = record.plan.content.steps.slice(0, record.done);
  return statesOf(record).map((state) => {
    const component = componentOf(record, state);
    const isBack = record.undone[state] === preparedFingerprint(record, state);
    const last = done.findLast((step) => step.state === state)?.becomes;
    if (!record.touched.includes(state)) {
      return { state, component, at: 'before', report: 'not touched yet' };
    }
    if (isBack) return { state, component, at: 'before', report: 'back to before the run' };
    if (last === wantedFingerprint(record, state)) {
      return { state, component, at: 'target', report: 'as the checkpoint wants it' };
    }
    return { state, component, at: 'unknown', report: 'being changed' };
  });
}

function preparedFingerprint(record: RunRecord, state: string): string | undefined {
  return record.before?.states.find((one) => one.state === state)?.fingerprint;
}
