import { messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { waited } from '../../base/waited.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { isExpired } from '../../model/run/instant.ts';
import { instantOf, type Clock } from '../../ports/clock.ts';
import { endProcess, isAlive, isStopped, type ProcessIdentity } from '../process-table.ts';
import { TurnTaking } from '../turn-taking.ts';
import type { DeadManNews } from './dead-man-news.ts';
import { Heartbeats } from './heartbeat.ts';
import { watchedBy, type Armed, type RunFolder } from './run-folder.ts';
import type { Spare } from './spare.ts';
import { startDeadMan, type DeadManLauncher } from './start-dead-man.ts';

/** What keeping needs. */
export interface KeepArmedParts {
  /** What they watch over. */
  readonly over: DeadManNews['over'];
  /** What the watch over a run is called, and where its file lies. */
  readonly watchOf: (run: string) => string;
  readonly folderOf: (run: string) => RunFolder;
  readonly launcher: DeadManLauncher;
  readonly spare?: Pick<Spare, 'take' | 'end'> | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly tell: (news: DeadManNews) => void;
  /**
   * Does, without a process, what one left undone that ended when or after its time was up; false:
   * to be tried again. Absent: whoever drives the run does.
   */
  readonly finish?: (at: RunFolder) => Promise<boolean>;
}

/** How soon the end of a dead-man is noticed: one file of /proc for each run under way. */
const LOOK_MS = 500;

/** One that is not ready by then is given up; it reads and decrypts what it guards. */
const READY_MS = 30_000;

/** Between two tries of the same: 1 s, 2 s, … a minute, for as long as the run waits. */
const RETRY_MS = { first: 1_000, most: 60_000 } as const;

/** What the process is there for. */
const DUTY: Readonly<Record<DeadManNews['over'], string>> = {
  states: 'take it back',
  writers: 'let go on who is paused for it',
};

/**
 * Keeps the dead-men of the runs under way alive. One that ended before its time (killed, out of
 * memory) is replaced by another with the same file: the same P, the same token, and the deadline
 * that was set, so that nobody waits longer than he was told. Before a change forward one must be
 * there, or the change is refused and the run turns back.
 *
 * What is changed already is not turned back for the lack of one: the daemon that lives keeps the
 * deadline by itself, a dead-man is the second of two. Going back would break what was healed for a
 * reason that has nothing to do with it, on a host that cannot even start a process. People are
 * told, and it is tried on. For the same reason whoever is paused stays so until his time is up;
 * then the host runner itself lets him go on.
 */
export class KeepArmed {
  readonly #parts: KeepArmedParts;
  readonly #watched = new Map<string, Armed>();
  readonly #pulses = new Heartbeats();
  /** Processes that were started before there was anything to watch over. */
  readonly #ahead = new Map<string, ProcessIdentity>();
  /** A run has one dead-man: two would both put back. */
  readonly #turns = new TurnTaking();
  readonly #stopping = new AbortController();
  #cancelLook: (() => void) | undefined;

  constructor(parts: KeepArmedParts) {
    this.#parts = parts;
  }

  /** Starts the dead-man of a run ahead of its order, unless there is one already. Never throws. */
  async expect(run: string): Promise<void> {
    const { log, over } = this.#parts;
    try {
      await this.#turns.take(run, () => this.#startAhead(run));
    } catch (thrown) {
      log.warn('DeadManExpectError', { run, over, why: messageOf(thrown) });
    }
  }

  /** Has a dead-man watch over all states of a run's file, and keeps it from now on. */
  async arm(run: string, signal: AbortSignal): Promise<Result<void>> {
    const armed = await this.#turns.take(run, () => this.#start(run, signal));
    if (!armed.ok) return armed;
    if (armed.value !== undefined) this.#watch(run, armed.value);
    return ok(undefined);
  }

  /** Keeps the dead-man of a run that another daemon armed. */
  async adopt(run: string): Promise<void> {
    const armed = await this.#parts.folderOf(run).readArmed();
    if (armed !== undefined) this.#watch(run, armed);
  }

  /** Answers once nobody starts a dead-man for this run any more. Its end is decided before. */
  async leave(run: string): Promise<void> {
    this.#watched.delete(run);
    await this.#turns.take(run, async () => {
      const ahead = this.#ahead.get(run);
      this.#ahead.delete(run);
      if (ahead !== undefined) endProcess(ahead);
    });
  }

  /** Keeps none from now on; idempotent. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#parts.spare?.end();
    this.#watched.clear();
    this.#cancelLook?.();
    await this.#turns.allDone();
    this.#ahead.clear();
  }

  async #startAhead(run: string): Promise<void> {
    const { folderOf, watchOf, launcher, spare } = this.#parts;
    // One that ended by itself was of a run that nobody told us the end of.
    for (const [known, process] of this.#ahead) if (!isAlive(process)) this.#ahead.delete(known);
    const at = folderOf(run);
    if (this.#stopping.signal.aborted || this.#ahead.has(run)) return;
    if ((await at.readRun()) !== undefined || (await at.readEnd()) !== undefined) return;
    await at.make();
    const process = spare?.take(watchOf(run)) ?? launcher.launch(watchOf(run), 'ahead');
    if (process !== undefined) this.#ahead.set(run, process);
  }

  /** Undefined: there is nothing to watch over, or not any more. */
  async #start(run: string, signal: AbortSignal): Promise<Result<Armed | undefined>> {
    const { folderOf, watchOf, launcher } = this.#parts;
    const at = folderOf(run);
    const file = await at.readRun();
    const end = await at.readEnd();
    if (end === 'fired') {
      return err(lgError('LG_PROVIDER_TIMER', `the dead-man of ${run} has begun to go back`));
    }
    if (file === undefined || end !== undefined) return ok(undefined);
    const wanted = { at, run: watchOf(run), states: watchedBy(file), ahead: this.#ahead.get(run) };
    return startDeadMan(wanted, launcher, AbortSignal.any([signal, this.#stopping.signal]));
  }

  #watch(run: string, armed: Armed): void {
    if (this.#stopping.signal.aborted) return;
    this.#watched.set(run, armed);
    this.#cancelLook ??= this.#parts.clock.after(LOOK_MS, () => this.#look());
  }

  #look(): void {
    this.#cancelLook = undefined;
    for (const [run, armed] of this.#watched) {
      if (isAlive(armed)) {
        // Who puts states back is left alone, stopped or not: see `stand-by`.
        const isWatch = this.#parts.over === 'writers';
        if (isWatch && this.#pulses.isStuck(run, armed)) void this.#endStuck(run, armed);
        continue;
      }
      this.#watched.delete(run);
      this.#pulses.forget(run);
      void this.#replace(run, armed);
    }
    if (this.#watched.size > 0 && !this.#stopping.signal.aborted) {
      this.#cancelLook = this.#parts.clock.after(LOOK_MS, () => this.#look());
    }
  }

  /**
   * Ends one that does not get on, so that the next look finds it gone and replaces it. One that is
   * letting go waits for a command and may look the same; it is ended only when it was stopped.
   */
  async #endStuck(run: string, armed: Armed): Promise<void> {
    const { folderOf, log, over } = this.#parts;
    try {
      const isLettingGo = (await folderOf(run).readEnd()) !== undefined;
      if (isLettingGo && !isStopped(armed.pid)) return;
      log.warn('DeadManStuck', { run, over, pid: armed.pid });
      endProcess(armed);
    } catch (thrown) {
      log.error('DeadManMissing', { run, over, why: messageOf(thrown) });
    }
  }

  async #replace(run: string, { pid }: Armed): Promise<void> {
    const { log, tell, over } = this.#parts;
    const why = `the process ${pid} that was to ${DUTY[over]} ended before its time`;
    const pauses = this.#pauses();
    let isTold = false;
    while (await this.#isWanted(run)) {
      const replaced = await this.#tryArm(run);
      if (!(await this.#isWanted(run))) break;
      if (replaced.ok) {
        log.warn('DeadManReplaced', { run, over, pid });
        return tell({ run, over, now: 'replaced', why });
      }
      log.error('DeadManMissing', { run, over, pid, why: replaced.error.detail });
      if (!isTold) tell({ run, over, now: 'missing', why: `${why}; ${replaced.error.detail}` });
      isTold = true;
      await pauses();
    }
    while (!(await this.#finish(run))) await pauses();
  }

  /** True: nothing is left to be done, or not by us. */
  async #finish(run: string): Promise<boolean> {
    const { finish, folderOf, log, over } = this.#parts;
    if (finish === undefined || this.#stopping.signal.aborted) return true;
    try {
      return await this.#turns.take(run, () => finish(folderOf(run)));
    } catch (thrown) {
      log.error('DeadManMissing', { run, over, why: messageOf(thrown) });
      return false;
    }
  }

  /** Each of these waits twice as long as the one before it. */
  #pauses(): () => Promise<void> {
    let waitMs: number = RETRY_MS.first;
    return async () => {
      await waited(waitMs, this.#parts.clock, this.#stopping.signal);
      waitMs = Math.min(2 * waitMs, RETRY_MS.most);
    };
  }

  async #tryArm(run: string): Promise<Result<void>> {
    try {
      return await this.arm(run, AbortSignal.timeout(READY_MS));
    } catch (thrown) {
      return err(lgError('LG_PROVIDER_TIMER', `the dead-man of ${run}: ${messageOf(thrown)}`));
    }
  }

  /** A dead-man whose deadline has passed would take back what the run itself is ending now. */
  async #isWanted(run: string): Promise<boolean> {
    if (this.#stopping.signal.aborted) return false;
    const { folderOf, clock, log, over } = this.#parts;
    const at = folderOf(run);
    try {
      const file = await at.readRun();
      if (file === undefined || (await at.readEnd()) !== undefined) return false;
      return !isExpired(file.deadline, instantOf(clock));
    } catch (thrown) {
      log.error('DeadManMissing', { run, over, why: messageOf(thrown) });
      return false;
    }
  }
}
