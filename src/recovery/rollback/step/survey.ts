import { assertUnreachable } from '../../../base/assert.ts';
import type { RunProgress } from '../../../model/run/run.ts';
import { close } from './close.ts';
import type { ActResult } from './act.ts';
import { linesByHand } from './by-hand.ts';
import type { RunMachine, Stage, Stepped } from './machine.ts';
import type { RunRecord } from './record.ts';
import { componentOf, statesOf } from './run-states.ts';
import { begin, fresh } from './stepped.ts';
import { undoQuestion, whereIs, type Whereabouts } from './whereabouts.ts';

/** The engine cannot go on: looks at everything once, so that a person gets an exact map. */
export function stuck(machine: RunMachine, why: string): Stepped {
  const { record } = machine;
  const questions = statesOf(record).map((state) => undoQuestion(record, state));
  return begin(fresh(machine), { kind: 'survey', why }, { kind: 'plan-undo', questions });
}

/** Ends with the map and the commands to finish by hand. */
export function surveyed(
  machine: RunMachine,
  stage: Extract<Stage, { kind: 'survey' }>,
  result: ActResult,
): Stepped {
  const { record } = machine;
  const answers = result.kind === 'undo-planned' ? result.answers : [];
  const found = statesOf(record).map((state) => {
    const answer = answers.find((one) => one.state === state);
    return { state, answer, where: answer === undefined ? undefined : whereIs(record, answer) };
  });
  const progress = found.map(({ state, where }) => progressOf(record, state, where));
  const byHand = linesByHand(record.before?.checkpoint ?? '', found);
  return close(machine, { state: 'NEEDS_OPERATOR', why: stage.why, progress, byHand });
}

function progressOf(record: RunRecord, state: string, where: Whereabouts | undefined): RunProgress {
  const component = componentOf(record, state);
  switch (where) {
    case undefined:
      return { state, component, at: 'unknown', report: 'could not be read' };
    case 'between':
      return { state, component, at: 'torn', report: 'some steps done, others not' };
    case 'before':
      return { state, component, at: where, report: 'as before the run' };
    case 'target':
      return { state, component, at: where, report: 'as the checkpoint wants it' };
    case 'torn':
      return { state, component, at: where, report: 'a step is half done' };
    case 'foreign':
      return { state, component, at: where, report: 'changed by somebody else' };
    case 'unknown':
      return { state, component, at: where, report: 'not known' };
    default:
      return assertUnreachable(where);
  }
}
