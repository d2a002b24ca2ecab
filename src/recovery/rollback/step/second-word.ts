import { toSecond } from '../../../base/time.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { isExpired, remainingMs, type Instant } from '../../../model/run/instant.ts';
import type { Effect, RunEvent } from './event.ts';
import type { RunMachine, StepContext, Stepped } from './machine.ts';
import { abort } from './prepare.ts';
import type { RunRecord } from './record.ts';
import { answer, goOn, rest, stamp, stampOf, write } from './stepped.ts';

/** Risks told in a notice; the plan has them all, and a notice is read on a phone. */
const RISKS_TOLD_MAX = 5;

/**
 * AWAITING_APPROVAL: a plan that loses something waits for the word of somebody else, until it is
 * too old.
 */
export function proceedAwaitingWord(machine: RunMachine, at: Instant): Stepped {
  if (machine.stop !== undefined) return abort(machine, machine.stop);
  const { expires } = machine.record;
  if (isExpired(expires, at)) return abort(machine, NOBODY);
  return rest(machine, [{ kind: 'wake', afterMs: Math.max(1, remainingMs(expires, at)) }]);
}

const NOBODY = { why: 'nobody approved in time', code: 'LG_ROLLBACK_PLAN_EXPIRED' } as const;

/** Whoever may give the word is told what he would answer for; a broken glass everybody is told. */
export function tellOfWord(record: RunRecord): readonly Effect[] {
  const { run, plan, requestedBy, breakGlass, phase } = record;
  const { approval, risks } = plan.content;
  if (breakGlass !== undefined) {
    const title = `Rollback ${run} was begun by breaking the glass`;
    const without = approval === undefined ? '' : ` No second person approved it: ${approval}.`;
    const text = `${requestedBy} says why: ${breakGlass}.${without}`;
    return [{ kind: 'notify', notice: { urgency: 'critical', title, text } }];
  }
  if (phase !== 'AWAITING_APPROVAL') return [];
  const until = toSecond(stampOf(record.expires));
  const text = [
    `${requestedBy} asks for it (${plan.reason}), and a second person is needed: ${approval}.`,
    ...risks.slice(0, RISKS_TOLD_MAX),
    `Its plan has the hash ${plan.planHash}. Until ${until}:`,
    `lastgood rollback approve ${run}, or lastgood rollback reject ${run} --reason WHY`,
  ].join('\n');
  const title = `Rollback ${run} waits for your word`;
  return [{ kind: 'notify', notice: { urgency: 'warning', title, text } }];
}

type Word<Kind> = Extract<RunEvent, { kind: Kind }>;

/** The word for exactly this plan; only somebody else than who asked can give it. */
export function approve(machine: RunMachine, event: Word<'approve'>, { at }: StepContext): Stepped {
  const { record } = machine;
  const { ask, by, planHash } = event;
  if (!isAwaited(machine)) return notAwaited(machine, ask);
  if (planHash !== record.plan.planHash) {
    const detail = `run ${record.run} is of plan ${record.plan.planHash}, not ${planHash}`;
    return rest(machine, answer(ask, lgError('LG_ROLLBACK_PLAN_STALE', detail)));
  }
  if (by === record.requestedBy) {
    const detail = `${by} asked for run ${record.run} and cannot be its second word`;
    return rest(machine, answer(ask, lgError('LG_ROLLBACK_APPROVAL_NEEDED', detail)));
  }
  if (isExpired(record.expires, at)) {
    const detail = `run ${record.run}: ${NOBODY.why}`;
    const ended = abort(machine, NOBODY);
    const told = answer(ask, lgError('LG_ROLLBACK_PLAN_EXPIRED', detail));
    return { ...ended, effects: [...ended.effects, ...told] };
  }
  const approved = { kind: 'approved', at: stamp(at), by, planHash: record.plan.planHash } as const;
  const written = write(machine, approved);
  return goOn(written.machine, [...written.effects, ...answer(ask)]);
}

/** The other word: the run ends with nothing changed, and says who did not want it and why. */
export function reject(machine: RunMachine, { ask, by, reason }: Word<'reject'>): Stepped {
  if (!isAwaited(machine)) return notAwaited(machine, ask);
  const why = `rejected by ${by}: ${reason}`;
  const ended = abort(machine, { why, code: 'LG_ROLLBACK_REJECTED' });
  return { ...ended, effects: [...ended.effects, ...answer(ask)] };
}

function isAwaited({ record, doing }: RunMachine): boolean {
  return record.phase === 'AWAITING_APPROVAL' && doing === undefined;
}

function notAwaited(machine: RunMachine, ask: number): Stepped {
  const { run, phase } = machine.record;
  const detail = `run ${run} is ${phase} and waits for no approval`;
  return rest(machine, answer(ask, lgError('LG_ROLLBACK_DECIDED', detail)));
}
