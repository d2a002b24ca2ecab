import type { Log } from '../../base/log.ts';
import type { RandomBytes } from '../../base/id.ts';
import type { Result } from '../../base/result.ts';
import type { JudgeGate } from '../../model/run/gate.ts';
import type { Plan, PlanContent } from '../../model/run/plan.ts';
import type { RunState, RunView } from '../../model/run/run.ts';
import type { RunWorld } from '../../model/run/run-world.ts';
import { instantOf, type Clock } from '../../ports/clock.ts';
import type { ControlStore } from '../../ports/control-store.ts';
import { isOver, type ReadRun, type RunArchive } from './run-archive.ts';
import { RunHearers } from './run-hearers.ts';
import { RunJournalWriter } from './run-journal-writer.ts';
import { RunLocks } from './run-locks.ts';
import { RunLoop, type LoopWorld } from './run-loop.ts';
import { viewRun } from './run-view.ts';
import { beginRun, recoverRun, type StepResult } from './step.ts';
import type { RunRecord } from './step/record.ts';
import { statesHeld } from './step/run-states.ts';

/** What rollbacks need of the world; the daemon supplies all of it. */
export interface RollbackDeps {
  /** The world by the settings that a plan carries; without one, by what is configured. */
  readonly world: (content?: PlanContent) => RunWorld;
  readonly store: ControlStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: RandomBytes;
  readonly judge: JudgeGate;
  /** Whether writing is on hold as the daemon starts. */
  readonly held: boolean;
}

/** A run that is not over, and what it does. */
export interface RunUnderWay {
  readonly run: string;
  readonly state: RunState;
  readonly plan: Plan;
}

/** The runs that are driven now: a loop of each, the states they hold, and who hears of them. */
export class LiveRuns {
  readonly locks = new RunLocks();
  readonly hearers = new RunHearers();
  readonly #deps: RollbackDeps;
  readonly #archive: RunArchive;
  readonly #loops = new Map<string, RunLoop>();
  #held: boolean;

  constructor(deps: RollbackDeps, archive: RunArchive) {
    this.#deps = deps;
    this.#archive = archive;
    this.#held = deps.held;
  }

  /** Whether all writing is on hold. */
  get held(): boolean {
    return this.#held;
  }

  loopOf(run: string): RunLoop | undefined {
    return this.#loops.get(run);
  }

  /** All of them, those that wait for an operator too. */
  views(): readonly RunView[] {
    return [...this.#loops.values()].map(({ record }) => viewRun(record));
  }

  /** The plans of all of them. */
  plans(): readonly RunUnderWay[] {
    return [...this.#loops.values()].map(({ record }) => {
      const { run, phase, plan } = record;
      return { run, state: phase, plan };
    });
  }

  /** Drives a run whose first entry is durable and whose states are locked. */
  begin(record: RunRecord, version: number): void {
    const context = { at: instantOf(this.#deps.clock), judge: this.#deps.judge };
    this.#open(beginRun(record, this.#held, context), version);
  }

  /** Drives a run that another process left. */
  takeOver({ record, version }: ReadRun): void {
    this.locks.take(record.run, statesHeld(record.plan.content));
    const context = { at: instantOf(this.#deps.clock), judge: this.#deps.judge };
    this.#open(recoverRun(record, this.#held, context), version);
  }

  /** What was already sent to a host cannot be called back. */
  hold(on: boolean): void {
    this.#held = on;
    for (const loop of this.#loops.values()) loop.tell({ kind: 'hold', on });
  }

  /** Leaves every run where its journal says it is; idempotent. The next start takes them over. */
  stop(): void {
    for (const loop of this.#loops.values()) loop.stop();
    this.#loops.clear();
  }

  #open(first: StepResult, version: number): void {
    const { store, clock, log, random, judge } = this.#deps;
    const { run, plan } = first.machine.record;
    const world = this.#deps.world(plan.content);
    const on: LoopWorld = {
      world,
      clock,
      log,
      random,
      judge,
      journal: new RunJournalWriter(run, version, { store, clock, log }),
      fence: (holder, states) => this.#fence(holder, states),
      unlock: (holder) => this.locks.release(holder),
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
    const locked = this.locks.take(run, states);
    return locked.ok ? this.#deps.store.fence('rollback', run) : locked;
  }

  #changed(record: RunRecord): void {
    if (isOver(record)) {
      this.#loops.get(record.run)?.stop();
      this.#loops.delete(record.run);
      this.#archive.remember(record);
    }
    this.hearers.tell(viewRun(record));
  }
}
