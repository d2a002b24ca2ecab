import type { RunProgress } from '../../../model/run/run.ts';
import type { RunRecord } from './record.ts';
import { preparedState, targetImage, wantedFingerprint } from './run-states.ts';
import type { UndoAnswer, UndoQuestion } from './act.ts';

/** Where a state is, as far as a re-read and the journal can tell. */
export type Whereabouts = RunProgress['at'] | 'between';

/**
 * Says where a state is. `before`: as in P. `target`: all its steps are done. `between`: exactly
 * where a whole step of ours left it. `torn`: a step of ours is open and every item is as before,
 * as wanted, or under that step's paths. Anything else was written by somebody else: `foreign`.
 */
export function whereIs(record: RunRecord, answer: UndoAnswer): Whereabouts {
  const { state, fingerprint } = answer;
  const prepared = preparedState(record, state);
  if (fingerprint === prepared.fingerprint) return 'before';
  if (record.touched.includes(state)) {
    if (fingerprint === wantedFingerprint(record, state)) return 'target';
    const left = record.plan.content.steps
      .filter((step) => step.state === state)
      .map(({ becomes }) => becomes);
    if (left.includes(fingerprint) || record.undone[state] === fingerprint) return 'between';
  }
  const isOpen = record.open.some((step) => step.state === state);
  if (isOpen && answer.mixed && prepared.traits.atomic !== 'all') return 'torn';
  return 'foreign';
}

/** What must be asked to bring a state back to P. */
export function undoQuestion(record: RunRecord, state: string): UndoQuestion {
  const { image, traits } = preparedState(record, state);
  const openPaths = record.open
    .filter((step) => step.state === state)
    .flatMap(({ paths }) => paths);
  return { state, before: image, target: targetImage(record, state), openPaths, traits };
}
