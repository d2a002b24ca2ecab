import { AUTOMATIC } from '../../../model/access/principal.ts';
import type { ProbeSample } from '../../../model/health/verdict.ts';
import type { RunRecord } from './record.ts';

/**
 * Why a run that nobody asked for ends before it changes anything: trouble that was over while P
 * was taken needs no rollback, and what cannot be seen is no reason for one. People may know
 * better.
 */
export function whyNothingToHeal(
  { requestedBy, plan }: RunRecord,
  baseline: readonly ProbeSample[],
): string | undefined {
  const goals = plan.content.checks.filter(({ role }) => role === 'goal');
  if (requestedBy !== AUTOMATIC || goals.length === 0) return undefined;
  const isSick = goals.some((goal) =>
    baseline.some(({ check, color }) => check === goal.check && color === 'red'),
  );
  return isSick ? undefined : 'no goal is red any more: there is nothing to heal';
}
