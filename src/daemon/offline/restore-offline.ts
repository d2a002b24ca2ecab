import { toSecond } from '../../base/time.ts';
import { AuditLog } from '../../api/access/audit-log.ts';
import { planView, type PlanView } from '../../api/contract.ts';
import type { Log } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { version } from '../../config/version.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { RunView } from '../../model/run/run.ts';
import type { StartedRun } from '../../recovery/rollback/start-run.ts';
import { tellOfRun } from '../after-run.ts';
import type { LoadedConfig } from '../configuration/config-file.ts';
import type { Core } from '../core.ts';
import { followOffline, type Answer } from './follow-offline.ts';
import { inIdleFolder, type IdleGround } from './in-idle-folder.ts';
import { configWords, offlineConfig } from './offline-config.ts';
import { hostClock } from '../host-clock.ts';
import type { Stores } from '../open-stores.ts';
import { runsLeftOpen } from './open-runs.ts';
import type { PlanWish } from '../recovery/planner.ts';
import { startCore } from '../start-core.ts';
import { startNotices, type Notices } from '../notices/start-notices.ts';

/** What `restore` is asked for, and how it talks while it works. */
export interface OfflineRestore {
  readonly dataRoot: string;
  readonly checkpoint: string;
  /** Only these; all of the checkpoint when absent. */
  readonly components: readonly string[] | undefined;
  /** Only the plan. */
  readonly dryRun: boolean;
  readonly configFile: string | undefined;
  /** Replaces a missing second word, and overrides a freeze window. */
  readonly breakGlass: string | undefined;
  /** Who asks, as the audit log shall name them. */
  readonly by: string;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C: goes back to the state before. */
  readonly signal: AbortSignal;
  readonly planned: (plan: PlanView) => void;
  readonly started: (run: StartedRun) => void;
  readonly changed: (run: RunView) => void;
  readonly note: (line: string) => void;
  /** Asked once everything is applied and healthy; `moot` is aborted when time is up. */
  readonly keep: (run: RunView, moot: AbortSignal) => Promise<Answer>;
}

/**
 * A rollback without a daemon: same plan, locks, P and journal, in the same data directory, so that
 * a daemon takes over whatever a crash leaves. Answers how the run ended; undefined for a dry run.
 * LG_RUNTIME_DAEMON_RUNNING while there is one: it must do it then.
 */
export async function restoreWithoutDaemon(
  asked: OfflineRestore,
): Promise<Result<RunView | undefined>> {
  if (asked.breakGlass?.trim() === '') {
    return err(lgError('LG_RUNTIME_USAGE', 'say why after --break-glass; a blank is no reason'));
  }
  return inIdleFolder(asked, (ground) => restoreFrom(asked, ground));
}

async function restoreFrom(
  asked: OfflineRestore,
  { folder, stores, log }: IdleGround,
): Promise<Result<RunView | undefined>> {
  const loaded = await offlineConfig(asked.configFile, stores.control);
  if (!loaded.ok) return loaded;
  const { config } = loaded.value;
  asked.note(`configuration  ${configWords(loaded.value)}`);
  const clock = hostClock();
  const notices = noticesOf(asked, loaded.value, log);
  const started = await startCore({
    version: version(),
    folder,
    stores,
    clock,
    log,
    config: () => config,
    warnings: () => [],
    evidenceSettings: () => {
      throw new Error('broken invariant: without a daemon no evidence process is started');
    },
    tell: (notice, kind) => notices?.tell({ ...notice, kind }),
  });
  if (!started.ok) return started;
  const { core } = started.value;
  try {
    const plan = await planOffline(asked, core);
    if (!plan.ok) return plan;
    const target = core.checkpoints.catalogue.view(plan.value.content.target);
    // What was left open is ended by now, unless nothing shall be done.
    const open = asked.dryRun ? await runsLeftOpen(core, plan.value) : ok([]);
    if (!open.ok) return open;
    asked.planned(planView(plan.value, target.ok ? target.value : undefined, open.value));
    if (asked.dryRun) return ok(undefined);
    return await runOffline(asked, core, plan.value, stores);
  } finally {
    await notices?.stop();
    await started.value.stop();
  }
}

/** Whoever is to be told is told if the network lets us; that must not hinder the restore. */
function noticesOf(asked: OfflineRestore, loaded: LoadedConfig, log: Log): Notices | undefined {
  const notices = startNotices(loaded.config.notify, asked.env, hostClock(), log);
  if (notices.ok) return notices.value;
  asked.note(`nobody is notified: ${notices.error.message}`);
  return undefined;
}

async function planOffline(asked: OfflineRestore, core: Core): Promise<Result<Plan>> {
  const target = core.checkpoints.catalogue.view(asked.checkpoint);
  if (!target.ok) return target;
  if (!asked.dryRun) {
    const free = await endOpenRuns(asked, core);
    if (!free.ok) return free;
  }
  const wish = {
    target: target.value,
    components: asked.components,
    requestedBy: asked.by,
    reason: 'restore without a daemon',
  };
  const undo = await planUndo(core, wish);
  if (undo.ok) return undo.value === undefined ? core.planner.plan(wish) : ok(undo.value);
  // Somebody worked on it since, or the run is forgotten: then P is a checkpoint like any other.
  return NO_UNDO.has(undo.error.code) ? core.planner.plan(wish) : undo;
}

const NO_UNDO: ReadonlySet<string> = new Set([
  'LG_ROLLBACK_UNDO_IMPOSSIBLE',
  'LG_ROLLBACK_RUN_UNKNOWN',
]);

/** Going to the P of a run that was kept is its undo: what was red then may be red again. */
async function planUndo(core: Core, wish: PlanWish): Promise<Result<Plan | undefined>> {
  const { reason } = wish.target.manifest;
  if (reason.kind !== 'before-rollback') return ok(undefined);
  return core.rollbacks.planUndo(reason.run, (undoOf, undone) =>
    core.planner.plan({ ...wish, undoOf, ...undone }),
  );
}

/** Ends what the dead daemon left under way, as the next daemon would. */
async function endOpenRuns({ by, note }: OfflineRestore, core: Core): Promise<Result<void>> {
  const { rollbacks, hold } = core;
  // On hold nothing may be written, so a run that has to go back would never end.
  if (hold.on !== undefined) {
    const { at, by, reason } = hold.on;
    const detail = `writing was put on hold at ${toSecond(at)} by ${by}: ${reason}`;
    return err(lgError('LG_ROLLBACK_HOLD', detail));
  }
  const taken = await rollbacks.recoverAll();
  if (!taken.ok) return taken;
  for (const { run, state } of taken.value) {
    if (state === 'NEEDS_OPERATOR') continue;
    note(`${run} was ${state} when the daemon died; it is ended first`);
    // Nobody is there whom either waits for.
    const isWaiting = state === 'AWAITING_CONFIRM' || state === 'AWAITING_APPROVAL';
    if (isWaiting) await rollbacks.cancel(run, by);
    const ended = await rollbacks.whenEnded(run);
    if (ended.ok) {
      note(`${run} ended ${ended.value.state}: ${ended.value.why ?? ''}`);
      await tellOfRun(core, ended.value);
    }
  }
  return ok(undefined);
}

async function runOffline(
  asked: OfflineRestore,
  core: Core,
  plan: Plan,
  { control, disk }: Stores,
): Promise<Result<RunView>> {
  const { by, breakGlass } = asked;
  const headFile = core.folder.auditHead;
  const audit = await AuditLog.open({ control, disk, clock: core.clock, headFile });
  if (!audit.ok) return audit;
  const begun = await begin(asked, core, plan);
  const glass = breakGlass === undefined ? '' : `, break-glass: ${breakGlass}`;
  const recorded = await audit.value.record({
    principal: by,
    action: 'plan.apply',
    object: plan.id,
    outcome: begun.ok ? 'done' : 'refused',
    detail: `restore to ${plan.content.target} without a daemon${glass}: ${
      begun.ok ? `started ${begun.value.run}` : begun.error.message
    }`,
  });
  if (!begun.ok) return begun;
  if (!recorded.ok) asked.note(`the audit log could not be written: ${recorded.error.message}`);
  asked.started(begun.value);
  const ended = await followOffline(core.rollbacks, begun.value, asked);
  if (!ended.ok) return ended;
  await tellOfRun(core, ended.value.run);
  const { decided } = ended.value;
  const kept = decided === undefined ? ok(undefined) : await audit.value.record(decided);
  if (!kept.ok) asked.note(`the audit log could not be written: ${kept.error.message}`);
  return ok(ended.value.run);
}

async function begin(
  { by, breakGlass }: OfflineRestore,
  core: Core,
  plan: Plan,
): Promise<Result<StartedRun>> {
  const { components, approval } = plan.content;
  const free = core.requireNotFrozen(components, breakGlass);
  if (!free.ok) return free;
  // There is nobody else here to give the second word later.
  if (approval !== undefined && breakGlass === undefined) {
    return err(lgError('LG_ROLLBACK_APPROVAL_NEEDED', approval));
  }
  const kept = await core.plans.put(plan);
  if (!kept.ok) return kept;
  return core.rollbacks.startRun(plan, {
    by,
    ...(breakGlass === undefined ? {} : { breakGlass }),
  });
}
