import type { Instant } from '../../../model/run/instant.ts';
import { COMMIT_TRIES_MAX, RETRY_PAUSE_MS } from './limits.ts';
import type { ActResult } from './act.ts';
import type { RunMachine, Stage, Stepped } from './machine.ts';
import { companionsOf, movedCompanions, whyMoved } from './companions.ts';
import type { RunRecord } from './record.ts';
import { componentOf, statesOf } from './run-states.ts';
import { close } from './close.ts';
import { begin, fresh, goOn, stamp, write } from './stepped.ts';
import { notAsWanted } from './verify.ts';

/**
 * COMMITTING: the decision is durable. Each device is confirmed, then everything is read once
 * more: this last reading is what makes a late confirm and a timer that fired safe.
 */
export function proceedCommitting(machine: RunMachine): Stepped {
  const left = machine.record.arming.toReversed();
  return confirmNext(machine, left);
}

/** Takes the answer of an act of this phase. */
export function committingActed(
  machine: RunMachine,
  stage: Stage,
  result: ActResult,
  at: Instant,
): Stepped {
  if (stage.kind === 'commit-pause') return goOn(machine);
  if (stage.kind === 'final-companions')
    return committed(machine, besideIt(machine.record, result));
  if (result.kind === 'failed') return failed(machine, result.why, at);
  if (stage.kind === 'confirm-device') {
    const [state = ''] = stage.left;
    if (result.kind === 'device' && result.state === 'already-reverted') {
      return lost(machine, `${state} has reverted by itself already`, at);
    }
    return confirmNext(machine, stage.left.slice(1));
  }
  if (result.kind !== 'observed') return lost(machine, 'the last reading did not fit', at);
  const wrong = notAsWanted(machine.record, result.readings);
  if (wrong !== undefined) return lost(machine, `${wrong} is not as the checkpoint wants it`, at);
  const states = companionsOf(machine.record);
  if (states.length === 0) return committed(machine, []);
  return begin(machine, { kind: 'final-companions' }, { kind: 'observe', states });
}

/**
 * What became of what travels with the changed states, where it is not as the plan saw it. It was
 * decided already, and going back would not bring back the set that was good: people are told.
 */
function besideIt(record: RunRecord, result: ActResult): readonly string[] {
  if (result.kind === 'observed') {
    return movedCompanions(record, result.readings).map(
      (state) => `${whyMoved(state)} meanwhile: see whether they fit`,
    );
  }
  const why = result.kind === 'failed' ? result.why : 'no answer';
  const states = companionsOf(record).join(', ');
  return [`${states} could not be read at the end (${why}): see whether they are as before`];
}

function confirmNext(machine: RunMachine, left: readonly string[]): Stepped {
  const [state] = left;
  if (state !== undefined) {
    const { fence } = machine.record;
    return begin(
      machine,
      { kind: 'confirm-device', left },
      { kind: 'confirm-device', fence, state },
    );
  }
  const states = statesOf(machine.record);
  return begin(machine, { kind: 'final-read' }, { kind: 'observe', states });
}

function failed(machine: RunMachine, why: string, at: Instant): Stepped {
  const tries = machine.tries + 1;
  if (tries >= COMMIT_TRIES_MAX) return lost(machine, `could not be verified: ${why}`, at);
  const ms = RETRY_PAUSE_MS * 2 ** machine.tries;
  return begin({ ...machine, tries }, { kind: 'commit-pause' }, { kind: 'pause', ms });
}

/** What was confirmed did not come true: the run goes back rather than lie. */
function lost(machine: RunMachine, why: string, at: Instant): Stepped {
  const written = write(machine, { kind: 'commit-lost', at: stamp(at), why });
  return goOn(fresh(written.machine), written.effects);
}

function committed(machine: RunMachine, byHand: readonly string[]): Stepped {
  const { record } = machine;
  const { changes } = record.plan.content;
  const progress = statesOf(record).map((state) => {
    const items = changes.filter((change) => change.state === state).length;
    const report = `${items} ${items === 1 ? 'item' : 'items'} changed back`;
    return { state, component: componentOf(record, state), at: 'target' as const, report };
  });
  const why = record.decided?.why ?? 'confirmed';
  return close(machine, { state: 'COMMITTED', why, progress, byHand });
}
