import type { ApiBackend } from '../../api/backend.ts';
import type { HoldView } from '../../api/contract.ts';
import { ok, type Result } from '../../base/result.ts';
import { armedRuns } from '../../model/run/hold.ts';
import { componentsOf } from '../../model/run/run.ts';
import { toRfc3339 } from '../../base/time.ts';
import type { StandingOf } from '../../recovery/rollback/seen-now.ts';
import type { Core } from '../core.ts';
import { confirmWay, ownAddresses } from './confirm-way.ts';
import { foreignItems } from './foreign-items.ts';
import { leaveNeed } from './leave-need.ts';
import { runFor } from './run-for.ts';
import { TriggersLately } from './triggers-lately.ts';

type RollbackCall =
  | 'runList'
  | 'runShow'
  | 'runForeign'
  | 'runApprove'
  | 'runReject'
  | 'runConfirm'
  | 'runExtend'
  | 'runCancel'
  | 'runUndo'
  | 'runResume'
  | 'holdShow'
  | 'holdSet';

/** Calls about runs and the hold. */
export function rollbackCalls(core: Core): Pick<ApiBackend, RollbackCall> {
  return { ...runCalls(core), ...holdCalls(core) };
}

type ApproveCall = 'runApprove' | 'runReject';
type RunCall = 'runList' | 'runShow' | 'runForeign' | 'runConfirm' | 'runExtend' | 'runCancel';

function runCalls(core: Core): Pick<ApiBackend, RunCall | ApproveCall | 'runUndo' | 'runResume'> {
  const { rollbacks } = core;
  const standing = standingOf(core);
  return {
    runList: (_caller, { limit }) => rollbacks.listWithUnread(limit),
    runShow: (_caller, { run }) => rollbacks.view(run, standing),
    runForeign: async (_caller, { run }) => {
      const view = await rollbacks.view(run);
      const found = view.ok ? await foreignItems(core, view.value) : view;
      return found.ok ? ok({ changes: found.value }) : found;
    },
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
