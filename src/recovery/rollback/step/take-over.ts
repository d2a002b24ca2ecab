import { assertUnreachable } from '../../../base/assert.ts';
import type { Instant } from '../../../model/run/instant.ts';
import type { RunState } from '../../../model/run/run.ts';
import { whyOtherTarget, type TargetIdentity } from '../../../model/component/target-identity.ts';
import { RETRY_PAUSE_MS } from './limits.ts';
import type { ActResult } from './act.ts';
import type { Effect } from './event.ts';
import type { RunMachine, Stepped } from './machine.ts';
import { abort } from './prepare.ts';
import type { RunRecord } from './record.ts';
import { statesOf } from './run-states.ts';
import { begin, decide, fresh, goOn, rest, stamp, write } from './stepped.ts';
import { stuck } from './survey.ts';

/** Takes a run over after a crash: first a higher fencing token, then what the journal allows. */
export function takeOver(machine: RunMachine): Stepped {
  if (machine.record.ended !== undefined) return rest(machine);
  return askFence(fresh(machine));
}

/** Asks for a newer token than any before, which every host of the run is told. */
export function askFence(machine: RunMachine): Stepped {
  const states = statesOf(machine.record);
  return begin(machine, { kind: 'refence' }, { kind: 'fence', states });
}

/**
 * Decides what becomes of the run; never resumes forward blindly. Without `armed` nothing was
 * changed; a decision is carried out; a healthy run may still be confirmed in time; every other one
 * may have changed something and goes back. Open intents are resolved by reading, in REVERTING.
 */
export function takenOver(machine: RunMachine, result: ActResult, at: Instant): Stepped {
  if (result.kind === 'failed') {
    if (OUT_OF_REACH.has(result.code ?? '')) return leaveAlone(machine, result.why, at);
    return begin(machine, { kind: 'refence' }, { kind: 'pause', ms: RETRY_PAUSE_MS });
  }
  if (result.kind !== 'fenced') return askFence(machine);
  const written = write(machine, { kind: 'recovered', at: stamp(at), fence: result.fence });
  const other = otherTarget(machine.record, result.targets ?? {});
  const next =
    other === undefined
      ? afterRestart(written.machine, at)
      : leaveAlone(written.machine, other, at);
  const told = tellOf(result.strangers ?? [], machine.record.run);
  return { ...next, effects: [...written.effects, ...told, ...next.effects] };
}

/** Asking again changes nothing: the settings are gone, or the host runner's owner forbids them. */
const OUT_OF_REACH: ReadonlySet<string> = new Set([
  'LG_PROVIDER_UNKNOWN',
  'LG_PROVIDER_SPEC_INVALID',
  'LG_PROVIDER_NOT_ALLOWED',
]);

/** What others armed is theirs to end: people are told, nothing is cancelled. */
function tellOf(strangers: readonly string[], run: string): readonly Effect[] {
  if (strangers.length === 0) return [];
  const title = `Rollback ${run} found timers of others`;
  const text = `${strangers.join('; ')}. They may still revert what they were armed for.`;
  return [{ kind: 'notify', notice: { urgency: 'warning', title, text } }];
}

/**
 * The host of a state that is not the one that was prepared: a backup that was restored on another
 * machine holds the runs of the first. A restarted host is still the same.
 */
function otherTarget(
  { before }: RunRecord,
  targets: Readonly<Record<string, TargetIdentity>>,
): string | undefined {
  for (const { state, target } of before?.states ?? []) {
    const found = targets[state];
    if (target === undefined || found === undefined) continue;
    const why = whyOtherTarget({ host: target.host }, found);
    if (why !== undefined) return `${state}: ${why}`;
  }
  return undefined;
}

/** What is read here says nothing about the run's own host, so nothing is decided by it. */
function leaveAlone(machine: RunMachine, why: string, at: Instant): Stepped {
  const { phase, decided } = machine.record;
  if (!MAY_HAVE_CHANGED.has(phase)) return afterRestart(machine, at);
  if (decided === undefined) {
    const cancelled = { kind: 'decided', at: stamp(at), decision: 'CANCEL', why } as const;
    const written = write(machine, { ...cancelled, by: 'lastgood' });
    const next = stuck(written.machine, why);
    return { ...next, effects: [...written.effects, ...next.effects] };
  }
  if (phase !== 'COMMITTING') return stuck(machine, why);
  const written = write(machine, { kind: 'commit-lost', at: stamp(at), why });
  const next = stuck(written.machine, why);
  return { ...next, effects: [...written.effects, ...next.effects] };
}

const MAY_HAVE_CHANGED: ReadonlySet<RunState> = new Set<RunState>([
  'APPLYING',
  'VERIFYING',
  'AWAITING_CONFIRM',
  'COMMITTING',
  'REVERTING',
]);

function afterRestart(machine: RunMachine, at: Instant): Stepped {
  const { phase } = machine.record;
  switch (phase) {
    case 'PLANNED':
    case 'AWAITING_APPROVAL':
    case 'PREPARING':
      return abort(machine, { why: 'lastgood was restarted before anything was changed' });
    case 'APPLYING':
    case 'VERIFYING': {
      const why = machine.stop?.why ?? 'lastgood was restarted while the run was under way';
      const by = machine.stop?.by ?? 'lastgood';
      return decide(machine, at, { decision: 'CANCEL', why, by });
    }
    case 'AWAITING_CONFIRM':
    case 'COMMITTING':
    case 'REVERTING':
      return goOn(machine);
    case 'COMMITTED':
    case 'REVERTED':
    case 'ABORTED':
    case 'NEEDS_OPERATOR':
      return rest(machine);
    default:
      return assertUnreachable(phase);
  }
}
