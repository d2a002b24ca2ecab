import { assertUnreachable } from '../../base/assert.ts';
import { messageOf, type LastgoodError } from '../../base/error.ts';
import { sha256 } from '../../base/hash.ts';
import type { Log } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { JudgeGate } from '../../model/run/gate.ts';
import type { RunEntry } from '../../model/run/run-journal.ts';
import { instantOf } from '../../ports/clock.ts';
import { performAct, type ActWorld } from './perform-act.ts';
import { RoundPace } from './round-pace.ts';
import type { RunJournalWriter } from './run-journal-writer.ts';
import { outlookOf, type SeenNow } from './seen-now.ts';
import { StateWatch, type StateLook } from './state-watch.ts';
import { step, type StepResult } from './step.ts';
import { EVENTS_WAITING_MAX } from './step/limits.ts';
import type { Effect, RunEvent } from './step/event.ts';
import type { StepContext } from './step/machine.ts';
import type { RunRecord } from './step/record.ts';
import { statesOf } from './step/run-states.ts';

/** A request without the number of who waits for its answer. */
export type RunRequest =
  | Omit<Extract<RunEvent, { kind: 'approve' }>, 'ask'>
  | Omit<Extract<RunEvent, { kind: 'reject' }>, 'ask'>
  | Omit<Extract<RunEvent, { kind: 'confirm' }>, 'ask'>
  | Omit<Extract<RunEvent, { kind: 'extend' }>, 'ask'>
  | Omit<Extract<RunEvent, { kind: 'confirm-refused' }>, 'ask'>
  | Omit<Extract<RunEvent, { kind: 'cancel' }>, 'ask'>
  | Omit<Extract<RunEvent, { kind: 'resume' }>, 'ask'>
  | Omit<Extract<RunEvent, { kind: 'release' }>, 'ask'>;

/** What a loop works on. */
export interface LoopWorld extends ActWorld {
  readonly journal: RunJournalWriter;
  readonly log: Log;
  readonly judge: JudgeGate;
  readonly unlock: (run: string) => void;
  /** The record changed and is durable. */
  readonly changed: (record: RunRecord) => void;
  /** The loop ended by itself before the run did: it was taken over, or a bug was found. */
  readonly lost: (record: RunRecord, why: string) => void;
}

/** Whoever asks is told within this; a full disk may keep the run longer, but not the caller. */
const ANSWER_MS_MAX = 30_000;

/**
 * Interprets the effects of one run: appends are durable before anything that follows from them is
 * begun, acts run beside the loop and answer by an event, and events are taken one at a time.
 */
export class RunLoop {
  readonly #on: LoopWorld;
  readonly #states: StateWatch;
  readonly #pace = new RoundPace();
  readonly #inbox: RunEvent[] = [];
  readonly #asks = new Map<number, (result: Result<void>) => void>();
  #current: StepResult['machine'];
  #asked = 0;
  #busy = false;
  #stopped = false;
  #cancelWake: (() => void) | undefined;
  #outlook: string | undefined;

  constructor(first: StepResult, on: LoopWorld) {
    this.#on = on;
    const { world, clock } = on;
    this.#states = new StateWatch({ world, clock, looked: (looks) => this.#tellMoved(looks) });
    this.#current = first.machine;
    this.#busy = true;
    void this.#run(first);
  }

  /** What is durable of the run. */
  get record(): RunRecord {
    return this.#current.record;
  }

  /** What checks and states looked like when they were asked last; undefined while they are not. */
  get seen(): Pick<SeenNow, 'samples' | 'looks'> {
    return { samples: this.#current.rounds.at(-1), looks: this.#states.looks };
  }

  /** Tells the run something that nobody waits for. */
  tell(event: Extract<RunEvent, { kind: 'tick' | 'hold' }>): void {
    this.#push(event);
  }

  /** Asks something of the run; answered once the answer's reason is durable. */
  ask(request: RunRequest): Promise<Result<void>> {
    if (this.#stopped) return Promise.resolve(err(stoppedError(this.record)));
    if (this.#inbox.length >= EVENTS_WAITING_MAX) {
      const detail = `run ${this.record.run} has ${EVENTS_WAITING_MAX} requests waiting`;
      return Promise.resolve(err(lgError('LG_RUNTIME_DEADLINE', detail)));
    }
    this.#asked += 1;
    const ask = this.#asked;
    return new Promise((resolve) => {
      const cancel = this.#on.clock.after(ANSWER_MS_MAX, () => {
        const detail = `run ${this.record.run} did not answer within ${ANSWER_MS_MAX} ms`;
        this.#answer(ask, lgError('LG_RUNTIME_DEADLINE', detail));
      });
      this.#asks.set(ask, (result) => {
        cancel();
        resolve(result);
      });
      this.#push({ ...request, ask });
    });
  }

  /** Leaves the run where its journal says it is; the next start takes it over. Idempotent. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#cancelWake?.();
    this.#states.stop();
    this.#on.journal.stop();
    for (const ask of this.#asks.keys()) this.#answer(ask, stoppedError(this.record));
  }

  #push(event: RunEvent): void {
    if (this.#stopped) return;
    this.#inbox.push(event);
    if (!this.#busy) {
      this.#busy = true;
      void this.#run();
    }
  }

  async #run(first?: StepResult): Promise<void> {
    try {
      if (first !== undefined && !(await this.#execute(first))) return;
      for (let event = this.#inbox.shift(); event !== undefined; event = this.#inbox.shift()) {
        if (this.#stopped) return;
        const context: StepContext = { at: instantOf(this.#on.clock), judge: this.#on.judge };
        if (!(await this.#execute(step(this.#current, event, context)))) return;
      }
      this.#busy = false;
    } catch (error) {
      // A broken invariant: going on would be guessing. The locks stay, a restart takes over.
      this.#on.log.error('RunStoppedError', { run: this.record.run, why: messageOf(error) });
      this.stop();
      this.#on.lost(this.record, messageOf(error));
    }
  }

  /** Does the effects in order; false when the run is not ours to drive any more. */
  async #execute(result: StepResult): Promise<boolean> {
    const begins: (() => void)[] = [];
    const entries: RunEntry[] = [];
    for (const effect of result.effects) {
      // Answers of acts come as later events, so beginning acts last keeps every order that counts.
      if (effect.kind === 'append') entries.push(effect.entry);
      else begins.push(() => this.#begin(effect, result));
    }
    if (entries.length > 0) {
      const written = await this.#on.journal.write(entries);
      if (written !== 'durable') {
        this.stop();
        if (written === 'superseded') {
          this.#on.lost(this.record, 'another process drives this run now');
        }
        return false;
      }
    }
    this.#current = result.machine;
    for (const begin of begins) begin();
    if (!this.#stopped) this.#states.follow(result.machine);
    if (entries.length > 0) this.#on.changed(this.record);
    return true;
  }

  #begin(effect: Exclude<Effect, { kind: 'append' }>, { machine }: StepResult): void {
    const { run, plan } = machine.record;
    switch (effect.kind) {
      case 'act': {
        const act = this.#pace.of(effect.act, this.#on.clock.uptimeMs());
        void performAct(run, plan.content.checks, act, this.#on).then((result) =>
          this.#push({ kind: 'acted', id: effect.id, result }),
        );
        return;
      }
      case 'notify':
        this.#notify(effect.notice);
        return;
      case 'wake':
        this.#cancelWake?.();
        this.#cancelWake = this.#on.clock.after(effect.afterMs, () => this.#push({ kind: 'tick' }));
        return;
      case 'answer':
        this.#answer(effect.ask, effect.error);
        return;
      case 'unlock':
        if (machine.record.arming.length === 0) {
          this.#on.world.deadMan.forgo?.(run, statesOf(machine.record));
        }
        this.#on.unlock(run);
        return;
      default:
        assertUnreachable(effect);
    }
  }

  #notify(notice: Extract<Effect, { kind: 'notify' }>['notice']): void {
    const { run } = this.record;
    const { title, text } = notice;
    // Receivers get it as a header, which takes no line breaks and no letters beyond Latin-1.
    const id = `${run}-${sha256(`${title}\n${text}`).slice(0, 16)}`;
    this.#on.world.notify({ run, ...notice, id });
  }

  /** Tells once of each way in which what waits is not as the run left it any more. */
  #tellMoved(looks: readonly StateLook[]): void {
    const outlook = outlookOf(this.record, looks);
    if (outlook !== undefined && outlook !== this.#outlook) {
      const title = `What rollback ${this.record.run} left was changed while it waits`;
      this.#notify({ urgency: 'warning', title, text: outlook });
    }
    this.#outlook = outlook;
  }

  #answer(ask: number, error: LastgoodError | undefined): void {
    const resolve = this.#asks.get(ask);
    this.#asks.delete(ask);
    resolve?.(error === undefined ? ok(undefined) : err(error));
  }
}

function stoppedError(record: RunRecord): LastgoodError {
  return lgError('LG_STORE_CLOSED', `run ${record.run} is not driven by this process any more`);
}
