import type { LastgoodError } from '../../base/error.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { toRfc3339 } from '../../base/time.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { RunTouches } from '../../model/run/run-touches.ts';
import type { RunView } from '../../model/run/run.ts';
import { DarkRuns } from './dark-runs.ts';
import { listRuns, type ListedRuns } from './list-runs.ts';
import { LiveRuns, type RollbackDeps, type RunUnderWay } from './live-runs.ts';
import { confirmRequest, moreTimeRequest, type MoreTime } from './proven-request.ts';
import { recoverRuns } from './recover-runs.ts';
import { requireNotRejected } from './rejected-plan.ts';
import { RunArchive } from './run-archive.ts';
import { withSeen, type StandingOf } from './seen-now.ts';
import type { RunRequest } from './run-loop.ts';
import { viewRun } from './run-view.ts';
import { redBefore, requireUndoable, undoneRun, type PlanUndo } from './undo.ts';
import { checkStart, planRun, type Requester, type StartedRun } from './start-run.ts';
import type { ConfirmWay } from './step/event.ts';
import { slowestOf } from './time-taken.ts';
import type { RunRecord } from './step/record.ts';
import { statesHeld } from './step/run-states.ts';

/** Every run of this data directory: starts, drives, recovers and shows them. */
export class Rollbacks {
  readonly #deps: RollbackDeps;
  /** What has ended, from its journals; what is driven now, from its loops. */
  readonly #archive: RunArchive;
  readonly #live: LiveRuns;
  readonly #dark: DarkRuns;

  constructor(deps: RollbackDeps) {
    this.#deps = deps;
    this.#archive = new RunArchive(deps.store);
    this.#live = new LiveRuns(deps, this.#archive);
    this.#dark = new DarkRuns({ ...deps, locks: this.#live.locks });
  }

  /**
   * Takes over every run that has not ended, before the API listens. Call once. Answers the views
   * of the runs taken over, and of those that still wait for an operator.
   */
  recoverAll(): Promise<Result<readonly RunView[]>> {
    const [archive, live, dark] = [this.#archive, this.#live, this.#dark];
    return recoverRuns({ ...this.#deps, archive, live, dark });
  }

  /**
   * Starts a run of a plan and answers once it is journaled. Refused without any change when the
   * plan is stale (LG_ROLLBACK_PLAN_STALE), too old, without a needed second word, on hold, or when
   * another run holds a state. The token is answered here once; its journal has only its hash.
   */
  async startRun(plan: Plan, requester: Requester): Promise<Result<StartedRun>> {
    const { world, store, clock, random } = this.#deps;
    const states = statesHeld(plan.content);
    const allowed = checkStart(plan, requester, this.#live.held, clock);
    if (!allowed.ok) return allowed;
    const agreed = await requireNotRejected(plan, (...which) => this.listWithUnread(...which));
    if (!agreed.ok) return agreed;
    const planned = planRun(plan, requester, clock, random);
    const { run } = planned.started;
    const locked = this.#live.locks.take(run, states);
    if (!locked.ok) return locked;
    const journaled = await planned.journal(world(plan.content), store, states);
    if (!journaled.ok) {
      this.#live.locks.release(run);
      return journaled;
    }
    this.#live.begin(planned.record, journaled.value);
    return ok(planned.started);
  }

  /** Goes back from a COMMITTED run to its P, as a run of its own; refused as `planUndo` is. */
  async undo(run: string, requester: Requester, planned: PlanUndo): Promise<Result<StartedRun>> {
    const plan = await this.planUndo(run, planned);
    return plan.ok ? this.startRun(plan.value, requester) : plan;
  }

  /**
   * The plan that goes back from a COMMITTED run to its P. `planned` makes it and is told what was
   * red in P. Refused with LG_ROLLBACK_UNDO_IMPOSSIBLE when something has changed since.
   */
  async planUndo(run: string, planned: PlanUndo): Promise<Result<Plan>> {
    const record = await this.#recordOf(run);
    if (!record.ok) return record;
    const plan = await planned(viewRun(record.value), undoneRun(record.value));
    return plan.ok ? requireUndoable(record.value, plan.value) : plan;
  }

  /**
   * Confirms with the token of the start, which a run that began by itself needs not, and the nonce
   * shown since the run was applied. A refusal is kept in the run's journal before it is answered.
   */
  async confirm(
    run: string,
    token: string | undefined,
    nonce: string,
    by: string,
    via: ConfirmWay = 'loopback',
  ): Promise<Result<void>> {
    const confirmed = await this.#ask(run, confirmRequest(by, { token, nonce, via }));
    if (!confirmed.ok) await this.confirmRefused(run, by, confirmed.error);
    return confirmed;
  }

  /**
   * Gives a run that waits to be confirmed so many seconds more, up to an hour after its first
   * change; durable everywhere once this answers, and nobody's timer fires before.
   */
  extend(run: string, time: MoreTime, by: string): Promise<Result<void>> {
    return this.#ask(run, moreTimeRequest(by, time));
  }

  /**
   * Keeps that somebody's confirm was refused, also where it never came as far as the run. Nothing
   * is kept of a run that nobody knows, and no more than a few of each.
   */
  async confirmRefused(run: string, by: string, error: LastgoodError): Promise<void> {
    const { code, detail: why } = error;
    // Nobody refused: there was no answer, and there would be none to this either.
    if (code === 'LG_RUNTIME_DEADLINE' || code === 'LG_STORE_CLOSED') return;
    if (this.#live.loopOf(run) !== undefined) {
      await this.#ask(run, { kind: 'confirm-refused', by, code, why });
      return;
    }
    const at = toRfc3339(this.#deps.clock.now());
    await this.#archive.addRefusal(run, { kind: 'confirm-refused', at, by, code, why });
  }

  /** Turns a run back, or ends it if it has changed nothing; answered when that is certain. */
  cancel(run: string, by: string): Promise<Result<void>> {
    return this.#ask(run, { kind: 'cancel', by });
  }

  /** The second word; whoever asked for the run cannot give it. */
  approve(run: string, by: string, planHash: string): Promise<Result<void>> {
    return this.#ask(run, { kind: 'approve', by, planHash });
  }

  /** The other word: ends a run that waits for approval, with nothing changed. */
  reject(run: string, by: string, reason: string): Promise<Result<void>> {
    return this.#ask(run, { kind: 'reject', by, reason });
  }

  /** Out of NEEDS_OPERATOR: tries again to reach P. */
  resume(run: string, by: string): Promise<Result<void>> {
    return this.#ask(run, { kind: 'resume', by });
  }

  /** Out of NEEDS_OPERATOR: accepts everything as it is and lets the locks go. */
  release(run: string, by: string, reason: string): Promise<Result<void>> {
    if (this.#dark.viewOf(run) !== undefined) return this.#dark.accept(run, by, reason);
    return this.#ask(run, { kind: 'release', by, reason });
  }

  /**
   * Stops all writing, or allows it again; answers the runs that still have something to write. An
   * apply already sent to a host cannot be called back. Who calls keeps it for the next start.
   */
  hold(on: boolean): readonly RunView[] {
    this.#live.hold(on);
    return this.active();
  }

  /** Runs that have not ended, and those that wait for an operator. */
  active(): readonly RunView[] {
    return [...this.#live.views(), ...this.#dark.views()];
  }

  /** The same, with what each does. */
  plansUnderWay(): readonly RunUnderWay[] {
    return this.#live.plans();
  }

  /** The run that holds a state, if any. */
  holderOf(state: string): string | undefined {
    return this.#live.locks.holderOf(state);
  }

  /**
   * A run as it is now: while it is under way with what is seen of it, with report and history once
   * it has ended; LG_ROLLBACK_RUN_UNKNOWN for no run. `standing` tells the checks of components.
   */
  async view(run: string, standing?: StandingOf): Promise<Result<RunView>> {
    const record = await this.#recordOf(run);
    const dark = record.ok ? undefined : this.#dark.viewOf(run);
    if (dark !== undefined) return ok(dark);
    if (!record.ok) return record;
    const viewed = await this.#archive.viewOf(record.value);
    const loop = this.#live.loopOf(run);
    if (!viewed.ok || loop === undefined) return viewed;
    const { undoOf } = record.value.plan;
    const undone = undoOf === undefined ? undefined : await this.#recordOf(undoOf);
    const red = undone?.ok === true ? redBefore(undone.value) : [];
    return ok(withSeen(viewed.value, record.value, { ...loop.seen, standing, redBefore: red }));
  }

  /** Every run, or so many of them, newest first. */
  async list(limit = Infinity): Promise<Result<readonly RunView[]>> {
    const listed = await this.listWithUnread(limit);
    return listed.ok ? ok(listed.value.runs) : listed;
  }

  /** Like `list`, with those nobody can read; all from an id on are among them, even over limit. */
  async listWithUnread(limit = Infinity, from?: string): Promise<Result<ListedRuns>> {
    const ids = await this.#archive.ids();
    if (!ids.ok) return ids;
    const recordOf = (run: string) => this.#recordOf(run);
    return ok(await listRuns(ids.value, recordOf, { limit, from }, this.#deps.clock));
  }

  /** What the newest runs changed, of those that were not over before a moment, RFC 3339. */
  touchesSince(since: string): Promise<Result<readonly RunTouches[]>> {
    return this.#archive.touchesSince(since);
  }

  /** The longest that one of the newest runs took to change and to check these components. */
  async timeTakenBy(components: readonly string[]): Promise<number | undefined> {
    return slowestOf(await this.#archive.timesTaken(), components);
  }

  /** Hears every durable change of every run; the answer takes it back. */
  subscribe(hear: (view: RunView) => void): () => void {
    return this.#live.hearers.add(hear);
  }

  /** Waits until a run is over; NEEDS_OPERATOR counts. */
  whenEnded(run: string): Promise<Result<RunView>> {
    return this.#live.hearers.untilTerminal(run, () => this.view(run));
  }

  /** Leaves every run where its journal says it is; idempotent. The next start takes them over. */
  stop(): void {
    this.#live.stop();
  }

  async #ask(run: string, request: RunRequest): Promise<Result<void>> {
    const loop = this.#live.loopOf(run);
    if (loop !== undefined) return loop.ask(request);
    const record = await this.#recordOf(run);
    if (!record.ok) return record;
    return err(lgError('LG_ROLLBACK_DECIDED', `run ${run} is ${record.value.phase}`));
  }

  async #recordOf(run: string): Promise<Result<RunRecord>> {
    const loop = this.#live.loopOf(run);
    return loop === undefined ? this.#archive.recordOf(run) : ok(loop.record);
  }
}
