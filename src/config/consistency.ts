import { automaticProblems } from './consistency/automatic.ts';
import { batchProblems } from './consistency/batches.ts';
import { circleProblems } from './consistency/circles.ts';
import { groupProblems } from './consistency/groups.ts';
import { kernelLogProblems } from './consistency/kernel-logs.ts';
import { keepProblems } from './consistency/keep.ts';
import { listenerProblems } from './consistency/listeners.ts';
import { nameProblems } from './consistency/names.ts';
import { ruleProblems } from './consistency/rules.ts';
import { sharedPathProblems } from './consistency/shared-paths.ts';
import { emptySpanProblems } from './consistency/empty-spans.ts';
import type { FoundProblem } from './problem.ts';
import type { Config } from './schema.ts';

/** What is right by itself and wrong together: `up` would refuse it, or it would do nothing. */
export function consistencyProblems(
  config: Config,
  sourceKinds: Iterable<string>,
): readonly FoundProblem[] {
  return [
    ...listenerProblems(config),
    ...nameProblems(config),
    ...ruleProblems(config, sourceKinds),
    ...groupProblems(config),
    ...keepProblems(config),
    ...kernelLogProblems(config),
    ...circleProblems(config),
    ...sharedPathProblems(config),
    ...emptySpanProblems(config),
    ...batchProblems(config),
    ...automaticProblems(config),
  ];
}
