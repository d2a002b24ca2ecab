import { requireComponents } from '../../api/access/permission.ts';
import type { ApiBackend } from '../../api/backend.ts';
import { planView } from '../../api/contract.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Incident } from '../../model/incident/incident.ts';
import type { Plan } from '../../model/run/plan.ts';
import { isAllowed, type Principal } from '../../model/access/principal.ts';
import type { Requester } from '../../recovery/rollback/start-run.ts';
import type { Core } from '../core.ts';
import { emptyBesideRun, refusedByTargets, runsInTheWay } from './plan-obstacles.ts';
import { RefusedPlans } from './refused-plans.ts';
import { chooseTarget } from '../recovery/choose-target.ts';

/** Calls about plans: what would be done, and doing it. */
export function planCalls(core: Core): Pick<ApiBackend, 'planCreate' | 'planShow' | 'planApply'> {
  const { plans, planner, rollbacks, checkpoints } = core;
  const refused = new RefusedPlans();
  const shown = (plan: Plan) => {
    const target = checkpoints.catalogue.view(plan.content.target);
    const obstacles = [...runsInTheWay(core, plan), ...refused.of(plan.id)];
    return planView(plan, target.ok ? target.value : undefined, obstacles);
  };
  return {
    planCreate: async ({ principal }, { checkpoint, components, incident, reason }) => {
      const goal = incidentOf(core, incident, components);
      if (!goal.ok) return goal;
      const chosen = await chooseTarget(core, checkpoint, goal.value);
      if (!chosen.ok) return chosen;
      const plan = await planner.plan({
        ...chosen.value,
        components,
        incident: goal.value,
        requestedBy: principal.id,
        reason,
      });
      if (!plan.ok) return emptyBesideRun(core, chosen.value.target, plan);
      const allowed = requireComponents(principal, 'plan', plan.value.content.components);
      if (!allowed.ok) return allowed;
      const kept = await plans.put(plan.value);
      if (!kept.ok) return kept;
      planner.foreseeRun(plan.value);
      refused.keep(plan.value.id, await refusedByTargets(core, plan.value));
      return ok(shown(plan.value));
    },
    planShow: async (_caller, { id }) => {
      const plan = await plans.get(id);
      return plan.ok ? ok(shown(plan.value)) : plan;
    },
    planApply: async ({ principal }, { id, planHash, breakGlass }) => {
      const plan = await plans.get(id);
      if (!plan.ok) return plan;
      if (plan.value.planHash !== planHash) {
        const detail = `plan ${id} has the hash ${plan.value.planHash}, not ${planHash}`;
        return err(lgError('LG_ROLLBACK_PLAN_STALE', detail));
      }
      const allowed = requireComponents(principal, 'apply', plan.value.content.components);
      if (!allowed.ok) return allowed;
      const free = core.requireNotFrozen(plan.value.content.components, breakGlass);
      if (!free.ok) return free;
      return rollbacks.startRun(plan.value, requesterOf(principal, plan.value, breakGlass));
    },
  };
}

function requesterOf(who: Principal, plan: Plan, breakGlass: string | undefined): Requester {
  const mayApprove = isAllowed(who, 'approve') && who.id !== plan.requestedBy;
  return {
    by: who.id,
    ...(plan.content.approval !== undefined && mayApprove ? { approvedBy: who.id } : {}),
    ...(breakGlass === undefined ? {} : { breakGlass }),
  };
}

/** The incident a rollback is for: the one named, else the newest open one that it may concern. */
function incidentOf(
  { incidents }: Core,
  id: string | undefined,
  components: readonly string[] | undefined,
): Result<Incident | undefined> {
  if (id !== undefined) {
    const story = incidents.get(id);
    return story.ok ? ok(story.value.incident) : story;
  }
  const [newest] = incidents
    .open()
    .filter(
      (one) => components === undefined || one.components.some((c) => components.includes(c)),
    );
  return ok(newest);
}
