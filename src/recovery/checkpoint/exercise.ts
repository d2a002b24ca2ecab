import type { CheckpointFact, Exercise } from '../../model/checkpoint/checkpoint.ts';
import type { OperationEvidence } from '../../model/evidence/evidence-summary.ts';

/** More names nobody reads, and each checkpoint keeps its own. */
const NAMES_MAX = 50;

/**
 * What really ran during a soak: a checkpoint is good for that, and nothing is known of the rest.
 * `known` are names that ran in earlier soaks of the same components. Pure.
 */
export function exerciseOf(
  operations: readonly Pick<OperationEvidence, 'component' | 'operation' | 'isEntry' | 'during'>[],
  components: ReadonlySet<string>,
  known: readonly string[],
): Exercise {
  const entries = operations.filter((one) => one.isEntry && components.has(one.component));
  const name = ({ component, operation }: (typeof entries)[number]): string =>
    `${component} ${operation}`;
  const ran = new Set(entries.filter(({ during }) => during.calls > 0).map(name));
  const rest = new Set([...entries.map(name), ...known].filter((one) => !ran.has(one)));
  return { exercised: firstOf(ran), notExercised: firstOf(rest) };
}

/** What ran in the soaks of checkpoints, by their facts, each name once. */
export function exercisedIn(facts: readonly CheckpointFact[]): readonly string[] {
  const ends = facts.filter((fact) => fact.kind === 'soak-ended');
  return [...new Set(ends.flatMap(({ exercise }) => allOf(exercise)))];
}

function allOf(exercise: Exercise | undefined): readonly string[] {
  return exercise === undefined ? [] : [...exercise.exercised, ...exercise.notExercised];
}

function firstOf(names: ReadonlySet<string>): readonly string[] {
  return [...names].toSorted().slice(0, NAMES_MAX);
}
