import type { ProbeSample } from '../../model/health/verdict.ts';
import type { RunCheck } from '../../model/run/run.ts';
import { checksNow } from './step/batches.ts';
import type { RunRecord } from './step/record.ts';

/**
 * The guards and goals of a run as they were asked last: what a person who decides looks at. Kept
 * nowhere: a daemon that takes the run over asks anew.
 */
export function checksOf(
  record: RunRecord,
  samples: readonly ProbeSample[] | undefined,
): readonly RunCheck[] | undefined {
  if (samples === undefined) return undefined;
  return checksNow(record).map(({ role, check, component }): RunCheck => {
    const sample = samples.find((one) => one.check === check && one.component === component);
    const { color, seen } = sample ?? { color: 'unknown' as const, seen: 'no answer' };
    return { role, check, component, color, seen };
  });
}
