import { assert } from '../../../base/assert.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { GuardName } from '../../../model/run/plan.ts';
import { whyExpired } from './apply.ts';
import type { ActResult } from './act.ts';
import type { RunEvent } from './event.ts';
import type { RunMachine, Stage, StepContext, Stepped } from './machine.ts';
import type { RunRecord } from './record.ts';
import { seenAtConfirm } from './rounds.ts';
import { answer, begin, decide, goOn, rest } from './stepped.ts';

/** The probes of a run; [] when nothing need be proved by them. */
export function probesOf({ plan }: RunRecord): readonly GuardName[] {
  return (plan.content.reach ?? []).flatMap(({ component, probes }) =>
    probes.map((check) => ({ component, check })),
  );
}

/**
 * The proof of property 20, all that this confirm lacks: before CONFIRM is written, what the run
 * changed of the network was reached over a new connection, or whoever confirms came over it.
 */
export function proveReach(
  machine: RunMachine,
  { ask, by, via }: Extract<RunEvent, { kind: 'confirm' }>,
  context: StepContext,
): Stepped {
  const { record } = machine;
  const unproved = (record.plan.content.reach ?? []).filter(({ probes }) => probes.length === 0);
  if (via === 'loopback' && unproved.length > 0) {
    const names = unproved.map(({ component }) => component).join(', ');
    const detail =
      `run ${record.run} changed ${names}, which carries traffic and names no reach probe, and a ` +
      'confirm from this machine proves nothing of the network';
    return rest(machine, answer(ask, lgError('LG_ROLLBACK_REACH_UNPROVED', detail)));
  }
  const probes = probesOf(record);
  if (probes.length === 0) return confirmed(machine, ask, by, context);
  return begin(machine, { kind: 'reach', ask, by }, { kind: 'reach', probes });
}

/** Takes the proof, or says which probe failed and goes on waiting. */
export function reachActed(
  machine: RunMachine,
  { ask, by }: Extract<Stage, { kind: 'reach' }>,
  result: ActResult,
  context: StepContext,
): Stepped {
  const { at } = context;
  const late = machine.stop ?? whyExpired(machine, at);
  if (late !== undefined) {
    const { decision, why, by: decider } = late;
    const turned = decide(machine, at, { decision, why, by: decider });
    const told = answer(ask, lgError('LG_ROLLBACK_DECIDED', `run ${machine.record.run}: ${why}`));
    return { ...turned, effects: [...turned.effects, ...told] };
  }
  const missing = whyUnreached(machine.record, result);
  if (missing === undefined) return confirmed(machine, ask, by, context);
  const detail = `run ${machine.record.run} was not kept: ${missing}`;
  return goOn(machine, answer(ask, lgError('LG_ROLLBACK_UNREACHABLE', detail)));
}

/** The first probe that does not answer, and what was seen; undefined when all do. */
export function whyUnreached(record: RunRecord, result: ActResult): string | undefined {
  if (result.kind === 'failed') return `the reach probes could not be asked: ${result.why}`;
  assert(result.kind === 'reached', 'probes are answered by samples');
  for (const { check } of probesOf(record)) {
    const sample = result.samples.find((one) => one.check === check);
    if (sample?.color !== 'green') return `reach probe ${check}: ${sample?.seen ?? 'no answer'}`;
  }
  return undefined;
}

function confirmed(machine: RunMachine, ask: number, by: string, context: StepContext): Stepped {
  const { though, ...seen } = seenAtConfirm(machine, context);
  const why = `confirmed by ${by}${though === undefined ? '' : `, although ${though}`}`;
  const stepped = decide(machine, context.at, { decision: 'CONFIRM', why, by, ...seen });
  return { ...stepped, effects: [...stepped.effects, ...answer(ask)] };
}
