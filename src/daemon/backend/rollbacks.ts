import { requireComponents } from '../../api/access/permission.ts';
import type { ApiBackend } from '../../api/backend.ts';
import { planView, type HoldView } from '../../api/contract.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Incident } from '../../model/incident/incident.ts';
import type { Plan } from '../../model/run/plan.ts';
import { isAllowed, type Principal } from '../../model/access/principal.ts';
import { armedRuns } from '../../model/run/hold.ts';
import { componentsOf } from '../../model/run/run.ts';
import { toRfc3339 } from '../../base/time.ts';
import type { StandingOf } from '../../recovery/rollback/seen-now.ts';
import type { Requester } from '../../recovery/rollback/start-run.ts';
import type { Core } from '../core.ts';
import { confirmWay, ownAddresses } from './confirm-way.ts';
import { leaveNeed } from './leave-need.ts';
import { RefusedPlans } from './refused-plans.ts';
import { runFor } from './run-for.ts';
import { TriggersLately } from './triggers-lately.ts';
import { emptyBesideRun, refusedByTargets, runsInTheWay } from './plan-obstacles.ts';
import { chooseTarget } from '../recovery/choose-target.ts';

type RollbackCall =
  | 'planCreate'
  | 'planShow'
  | 'planApply'
  | 'runList'
  | 'runShow'
  | 'runApprove'
  | 'runReject'
  | 'runConfirm'
  | 'runExtend'
  | 'runCancel'
  | 'runUndo'
  | 'runResume'
  | 'holdShow'
  | 'holdSet';

/** Calls about plans, runs and the hold. */
export function rollbackCalls(core: Core): Pick<ApiBackend, RollbackCall> {
  return { ...planCalls(core), ...runCalls(core), ...holdCalls(core) };
}

function planCalls(core: Core): Pick<ApiBackend, 'planCreate' | 'planShow' | 'planApply'> {
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
      planner.expectRun(plan.value);
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

type ApproveCall = 'runApprove' | 'runReject';
type RunCall = 'runList' | 'runShow' | 'runConfirm' | 'runExtend' | 'runCancel';

function runCalls(core: Core): Pick<ApiBackend, RunCall | ApproveCall | 'runUndo' | 'runResume'> {
  const { rollbacks } = core;
  const standing = standingOf(core);
  return {
    runList: (_caller, { limit }) => rollbacks.listWithUnread(limit),
    runShow: (_caller, { run }) => rollbacks.view(run, standing),
    runConfirm: async ({ principal, connectedAtMs, remote }, { run, token, nonce }) => {
      // What is refused here is kept by the run as well, as what the run itself refuses is.
      const refuse = async (refused: Extract<Result<never>, { ok: false }>) => {
        await rollbacks.confirmRefused(run, principal.id, refused.error);
        return refused;
      };
      const view = await runFor(core, principal, 'confirm', run);
      if (!view.ok) return refuse(view);
      const fresh = core.requireFreshConnection(run, connectedAtMs);
      if (!fresh.ok) return refuse(fresh);
      const confirmed = await rollbacks.confirm(
        run,
        token,
        nonce,
        principal.id,
        confirmWay(remote, ownAddresses()),
      );
      return confirmed.ok ? rollbacks.view(run) : confirmed;
    },
    runExtend: async ({ principal }, { run, ...time }) => {
      const view = await runFor(core, principal, 'confirm', run);
      if (!view.ok) return view;
      const extended = await rollbacks.extend(run, time, principal.id);
      return extended.ok ? rollbacks.view(run) : extended;
    },
    runCancel: async ({ principal }, { run }) => {
      const view = await runFor(core, principal, 'cancel', run);
      if (!view.ok) return view;
      const canceled = await rollbacks.cancel(run, principal.id);
      return canceled.ok ? rollbacks.view(run) : canceled;
    },
    ...approvingCalls(core),
    ...reversingCalls(core),
  };
}

/** How the checks of components and of whoever stands on them are, as they are always watched. */
function standingOf(core: Core): StandingOf {
  const triggers = new TriggersLately(core);
  return (components) => {
    const names = core.inventory().withDependents(components);
    return [...core.healthWatch.states(names), ...triggers.of(names)];
  };
}

function approvingCalls(core: Core): Pick<ApiBackend, ApproveCall> {
  const { rollbacks } = core;
  return {
    runApprove: async ({ principal }, { run, planHash }) => {
      const view = await runFor(core, principal, 'approve', run);
      if (!view.ok) return view;
      // A freeze may have begun since the run was asked for; nothing has been changed yet.
      const free = core.requireNotFrozen(componentsOf(view.value));
      if (!free.ok) return free;
      const approved = await rollbacks.approve(run, principal.id, planHash);
      return approved.ok ? rollbacks.view(run) : approved;
    },
    runReject: async ({ principal }, { run, reason }) => {
      const view = await runFor(core, principal, 'approve', run);
      if (!view.ok) return view;
      const rejected = await rollbacks.reject(run, principal.id, reason);
      return rejected.ok ? rollbacks.view(run) : rejected;
    },
  };
}

function reversingCalls(core: Core): Pick<ApiBackend, 'runUndo' | 'runResume'> {
  const { rollbacks, planner, checkpoints, plans } = core;
  return {
    runUndo: async ({ principal }, { run, breakGlass }) => {
      const view = await runFor(core, principal, 'apply', run);
      if (!view.ok) return view;
      const undo = { by: principal.id, ...(breakGlass === undefined ? {} : { breakGlass }) };
      return rollbacks.undo(run, undo, async (of, undone) => {
        const target = checkpoints.catalogue.view(of.before ?? '');
        if (!target.ok) return target;
        const plan = await planner.plan({
          target: target.value,
          undoOf: of,
          ...undone,
          requestedBy: principal.id,
          reason: `undo ${run}`,
        });
        if (plan.ok) await plans.put(plan.value);
        return plan;
      });
    },
    runResume: async ({ principal }, { run, choice }) => {
      const view = await runFor(core, principal, 'apply', run);
      if (!view.ok) return view;
      const done = await leaveNeed(core, principal, view.value, choice);
      return done.ok ? rollbacks.view(run) : done;
    },
  };
}

function holdCalls({
  hold,
  rollbacks,
  clock,
  news,
}: Core): Pick<ApiBackend, 'holdShow' | 'holdSet'> {
  const view = (): HoldView => hold.view(armedRuns(rollbacks.active()));
  return {
    holdShow: async () => ok(view()),
    holdSet: async ({ principal }, { on, reason }) => {
      // Writing stops first and is recorded second: the switch must work with a full disk too.
      if (on) rollbacks.hold(true);
      const set = await hold.set(on, principal.id, reason);
      if (!set.ok) return set;
      rollbacks.hold(on);
      news.tell({ kind: 'hold', at: toRfc3339(clock.now()), on });
      return ok(view());
    },
  };
}
