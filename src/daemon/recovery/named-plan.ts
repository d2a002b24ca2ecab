import { sortableId, type RandomBytes } from '../../base/id.ts';
import { addMs, toRfc3339, toUnixMs } from '../../base/time.ts';
import type { Plan, PlanContent } from '../../model/run/plan.ts';
import { PLAN_VALID_MS } from '../../model/run/plan-time.ts';
import type { Clock } from '../../ports/clock.ts';
import { planHash } from '../../recovery/plan/make-plan.ts';
import type { PlanWish } from './planner.ts';

/** What a plan does, with its name, its hash, and who wanted it. */
export function namedPlan(
  content: PlanContent,
  { requestedBy, reason, choice, incident, undoOf }: PlanWish,
  { clock, random }: { readonly clock: Pick<Clock, 'now'>; readonly random: RandomBytes },
): Plan {
  const now = clock.now();
  return {
    id: sortableId('plan', toUnixMs(now), random),
    planHash: planHash(content),
    content,
    createdAt: toRfc3339(now),
    expiresAt: toRfc3339(addMs(now, PLAN_VALID_MS)),
    requestedBy,
    reason,
    ...(choice === undefined ? {} : { choice }),
    ...(incident === undefined ? {} : { incident: incident.id }),
    ...(undoOf === undefined ? {} : { undoOf: undoOf.run }),
  };
}
