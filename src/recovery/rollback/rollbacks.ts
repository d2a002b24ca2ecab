import type { LastgoodError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { RandomBytes } from '../../base/id.ts';
import { sha256 } from '../../base/hash.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { toRfc3339 } from '../../base/time.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { JudgeGate } from '../../model/run/gate.ts';
import type { GuardName, Plan } from '../../model/run/plan.ts';
import type { RunTouches } from '../../model/run/run-touches.ts';
import type { RunView } from '../../model/run/run.ts';
import type { RunWorld } from '../../model/run/run-world.ts';
import { instantOf, type Clock } from '../../ports/clock.ts';
import type { ControlStore } from '../../ports/control-store.ts';
import { journalStream } from './journal-codec.ts';
import { isOver, RunArchive } from './run-archive.ts';
import { checksOf } from './run-checks.ts';
import { RunHearers } from './run-hearers.ts';
import { RunJournalWriter } from './run-journal-writer.ts';
import { RunLocks } from './run-locks.ts';
import { RunLoop, type LoopWorld, type RunRequest } from './run-loop.ts';
import { viewRun } from './run-view.ts';
import { redBefore, whyNotUndoable } from './undo.ts';
import { checkStart, planRun, type Requester, type StartedRun } from './start-run.ts';
import { beginRun, recoverRun, type StepResult } from './step.ts';
import type { ConfirmWay } from './step/event.ts';
import { foldJournal, type RunRecord } from './step/record.ts';
import { statesHeld } from './step/run-states.ts';

/** What rollbacks need of the world; the daemon supplies all of it. */
export interface RollbackDeps {
  readonly world: RunWorld;
  readonly store: ControlStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: RandomBytes;
  readonly judge: JudgeGate;
  /** Whether writing is on hold as the daemon starts. */
  readonly held: boolean;
}

/** Runs, newest first, and the ids of those whose journal cannot be read. */
export interface ListedRuns {
  readonly runs: readonly RunView[];
  readonly unread: readonly string[];
}

/** A plan is good for a quarter of an hour: the runs of that time are among so many. */
const RUNS_OF_A_PLAN_MAX = 50;

/** Every run of this data directory: starts, drives, recovers and shows them. */
export class Rollbacks {
  readonly #deps: RollbackDeps;
  readonly #locks = new RunLocks();
  readonly #loops = new Map<string, RunLoop>();
  readonly #archive: RunArchive;
  readonly #hearers = new RunHearers();
  #held: boolean;

  constructor(deps: RollbackDeps) {
    this.#deps = deps;
    this.#archive = new RunArchive(deps.store);
    this.#held = deps.held;
  }

  /**
   * Takes over every run that has not ended, before the API listens. Call once. Answers the views
   * of the runs taken over, and of those that still wait for an operator.
   */
  async recoverAll(): Promise<Result<readonly RunView[]>> {
    const runs = await this.#archive.ids();
    if (!runs.ok) return runs;
    const taken: RunView[] = [];
    for (const run of runs.value) {
      const read = await this.#archive.read(run);
      if (!read.ok) {
        // One unreadable journal must not keep the others from being recovered.
        const stream = journalStream(run);
        this.#deps.log.error('RunRecoveredError', { stream, code: read.error.code });
        continue;
      }
      const { record, version } = read.value;
      if (isOver(record)) continue;
      this.#locks.take(record.run, statesHeld(record.plan.content));
      const context = { at: instantOf(this.#deps.clock), judge: this.#deps.judge };
      this.#open(recoverRun(record, this.#held, context), version);
      taken.push(viewRun(record));
    }
    return ok(taken);
  }

  /**
   * Starts a run of a plan and answers once it is journaled. Refused without any change when the
   * plan is stale (LG_ROLLBACK_PLAN_STALE), too old, without a needed second word, on hold, or when
   * another run holds a state. The token is answered here once; its journal has only its hash.
   */
  async startRun(plan: Plan, requester: Requester): Promise<Result<StartedRun>> {
    const { world, store, clock, random } = this.#deps;
    const states = statesHeld(plan.content);
    const allowed = checkStart(plan, requester, this.#held, clock);
    if (!allowed.ok) return allowed;
    const rejected = await this.#rejectionOf(plan.id);
    if (rejected !== undefined) {
      const detail = `plan ${plan.id} was rejected in ${rejected.run}: ${rejected.why ?? ''}`;
      return err(lgError('LG_ROLLBACK_REJECTED', detail));
    }
    const planned = planRun(plan, requester, clock, random);
    const { run } = planned.entry;
    const locked = this.#locks.take(run, states);
    if (!locked.ok) return locked;
    const journaled = await planned.journal(world, store, states);
    if (!journaled.ok) {
      this.#locks.release(run);
      return journaled;
    }
    const record = foldJournal([planned.entry]);
    if (record === undefined) throw new Error('broken invariant: a journal of one entry folds');
    const context = { at: instantOf(clock), judge: this.#deps.judge };
    this.#open(beginRun(record, this.#held, context), journaled.value);
    return ok(planned.started);
  }

  /**
   * Goes back from a COMMITTED run to its P, as a run of its own. `planUndo` makes the plan to a
   * checkpoint and is told what was red in it. Refused with LG_ROLLBACK_UNDO_IMPOSSIBLE when
   * something has changed since.
   */
  async undo(
    run: string,
    requester: Requester,
    planUndo: (view: RunView, redBefore: readonly GuardName[]) => Promise<Result<Plan>>,
  ): Promise<Result<StartedRun>> {
    const record = await this.#recordOf(run);
    if (!record.ok) return record;
    const plan = await planUndo(viewRun(record.value), redBefore(record.value));
    if (!plan.ok) return plan;
    const why = whyNotUndoable(record.value, plan.value);
    if (why !== undefined) return err(lgError('LG_ROLLBACK_UNDO_IMPOSSIBLE', `run ${run}: ${why}`));
    return this.startRun(plan.value, requester);
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
    const proof = token === undefined ? {} : { tokenHash: sha256(token) };
    const confirmed = await this.#ask(run, { kind: 'confirm', by, ...proof, nonce, via });
    if (!confirmed.ok) await this.confirmRefused(run, by, confirmed.error);
    return confirmed;
  }

  /**
   * Keeps that somebody's confirm was refused, also where it never came as far as the run. Nothing
   * is kept of a run that nobody knows, and no more than a few of each.
   */
  async confirmRefused(run: string, by: string, error: LastgoodError): Promise<void> {
    const { code, detail: why } = error;
    // Nobody refused: there was no answer, and there would be none to this either.
    if (code === 'LG_RUNTIME_DEADLINE' || code === 'LG_STORE_CLOSED') return;
    if (this.#loops.has(run)) {
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
    return this.#ask(run, { kind: 'release', by, reason });
  }

  /**
   * Stops all writing, or allows it again; answers the runs that still have something to write. An
   * apply already sent to a host cannot be called back. Who calls keeps it for the next start.
   */
  hold(on: boolean): readonly RunView[] {
    this.#held = on;
    for (const loop of this.#loops.values()) loop.tell({ kind: 'hold', on });
    return this.active();
  }

  /** Runs that have not ended, and those that wait for an operator. */
  active(): readonly RunView[] {
    return [...this.#loops.values()].map(({ record }) => viewRun(record));
  }

  /** The run that holds a state, if any. */
  holderOf(state: string): string | undefined {
    return this.#locks.holderOf(state);
  }

  /**
   * A run as it is now, with its checks while they are asked, with report and history once it has
   * ended; LG_ROLLBACK_RUN_UNKNOWN for no run.
   */
  async view(run: string): Promise<Result<RunView>> {
    const record = await this.#recordOf(run);
    if (!record.ok) return record;
    const viewed = await this.#archive.viewOf(record.value);
    const checks = checksOf(record.value, this.#loops.get(run)?.samples);
    return !viewed.ok || checks === undefined ? viewed : ok({ ...viewed.value, checks });
  }

  /** Every run, or so many of them, newest first. */
  async list(limit = Infinity): Promise<Result<readonly RunView[]>> {
    const listed = await this.listWithUnread(limit);
    return listed.ok ? ok(listed.value.runs) : listed;
  }

  /** Like `list`, and which of them cannot be read: nobody knows what became of those. */
  async listWithUnread(limit = Infinity): Promise<Result<ListedRuns>> {
    const ids = await this.#archive.ids();
    if (!ids.ok) return ids;
    const runs: RunView[] = [];
    const unread: string[] = [];
    for (const run of ids.value.toReversed().slice(0, limit)) {
      const record = await this.#recordOf(run);
      if (record.ok) runs.push(viewRun(record.value));
      else unread.push(run);
    }
    return ok({ runs, unread });
  }

  /** What the newest runs changed, of those that were not over before a moment, RFC 3339. */
  touchesSince(since: string): Promise<Result<readonly RunTouches[]>> {
    return this.#archive.touchesSince(since);
  }

  /** Hears every durable change of every run; the answer takes it back. */
  subscribe(hear: (view: RunView) => void): () => void {
    return this.#hearers.add(hear);
  }

  /** Waits until a run is over; NEEDS_OPERATOR counts. */
  whenEnded(run: string): Promise<Result<RunView>> {
    return this.#hearers.untilTerminal(run, () => this.view(run));
  }

  /** Leaves every run where its journal says it is; idempotent. The next start takes them over. */
  stop(): void {
    for (const loop of this.#loops.values()) loop.stop();
    this.#loops.clear();
  }

  /** The run in which the second person did not agree to this very plan. */
  async #rejectionOf(plan: string): Promise<RunView | undefined> {
    const recent = await this.list(RUNS_OF_A_PLAN_MAX);
    if (!recent.ok) return undefined;
    return recent.value.find((one) => one.plan === plan && one.code === 'LG_ROLLBACK_REJECTED');
  }

  #ask(run: string, request: RunRequest): Promise<Result<void>> {
    const loop = this.#loops.get(run);
    if (loop !== undefined) return loop.ask(request);
    return this.#recordOf(run).then((record) => {
      if (!record.ok) return record;
      const detail = `run ${run} is ${record.value.phase}`;
      return err(lgError('LG_ROLLBACK_DECIDED', detail));
    });
  }

  #open(first: StepResult, version: number): void {
    const { world, store, clock, log, random, judge } = this.#deps;
    const { run } = first.machine.record;
    const on: LoopWorld = {
      world,
      clock,
      log,
      random,
      judge,
      journal: new RunJournalWriter(run, version, { store, clock, log }),
      fence: (holder, states) => this.#fence(holder, states),
      unlock: (holder) => this.#locks.release(holder),
      changed: (record) => this.#changed(record),
      lost: (record, why) => {
        this.#loops.delete(record.run);
        const title = `Rollback ${record.run} is not driven any more`;
        world.notify({ run, urgency: 'critical', title, text: why, id: `${run}: lost` });
      },
    };
    this.#loops.set(run, new RunLoop(first, on));
    this.#changed(first.machine.record);
  }

  async #fence(run: string, states: readonly string[]): Promise<Result<number>> {
    const locked = this.#locks.take(run, states);
    return locked.ok ? this.#deps.store.fence('rollback', run) : locked;
  }

  #changed(record: RunRecord): void {
    if (isOver(record)) {
      this.#loops.get(record.run)?.stop();
      this.#loops.delete(record.run);
      this.#archive.remember(record);
    }
    this.#hearers.tell(viewRun(record));
  }

  async #recordOf(run: string): Promise<Result<RunRecord>> {
    const loop = this.#loops.get(run);
    return loop === undefined ? this.#archive.recordOf(run) : ok(loop.record);
  }
}
