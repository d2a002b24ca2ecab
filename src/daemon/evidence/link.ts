import type { Json } from '../../base/canonical-json.ts';
import type { Log } from '../../base/log.ts';
import type { TimeNs } from '../../base/time.ts';
import { err, type Result } from '../../base/result.ts';
import type { BusLink, LocalBus } from '../../adapters/buses/local/local-bus.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Clock } from '../../ports/clock.ts';
import { startOwnProcess, type OwnProcess } from '../own-process.ts';
import { SUBJECT } from './messages.ts';

/** How the evidence process is doing. */
export interface EvidenceState {
  readonly state: 'up' | 'starting' | 'down';
  readonly restarts: number;
  /** Why it is not up; while it is, why records cannot be stored at the moment. */
  readonly why?: string;
}

/** What the link needs. */
export interface EvidenceLinkDeps {
  readonly bus: LocalBus;
  readonly clock: Clock;
  readonly log: Log;
  /** Read anew at each start, so that a restarted process has what is valid then. */
  readonly settings: () => Json;
}

/** Replaying a long log takes a while; a process that needs longer is stuck. */
const START_DEADLINE_MS = 60_000;
/** Seals what is hot and closes; the daemon has ten seconds in all. */
const STOP_DEADLINE_MS = 7_000;
/** First and longest pause before the process is started again. */
const BACKOFF_MS = { first: 100, last: 5_000 } as const;
/** It tells every second that it turns, and is looked at as often. */
const WATCH_MS = 1_000;
/**
 * Looks in a row without a word: five are no collection of garbage any more, and one that stood
 * still for thirty is ended and started again. Looks, not time: we may have stood still ourselves.
 */
const SILENT_LOOKS = { down: 5, stuck: 30 } as const;

/**
 * Supervises the evidence process: starts it, starts it again when it dies, and carries calls to
 * it. A native abort or an OOM kill over there is a pause in the evidence and nothing more here.
 */
export class EvidenceLink {
  readonly #deps: EvidenceLinkDeps;
  #child: OwnProcess | undefined;
  #link: BusLink | undefined;
  #state: EvidenceState = { state: 'starting', restarts: 0 };
  #upSince: TimeNs | undefined;
  #isStopping = false;
  #silentLooks = 0;
  #cancelWatch: () => void = () => undefined;
  #pauseMs: number = BACKOFF_MS.first;
  #cancelPause: () => void = () => undefined;

  constructor(deps: EvidenceLinkDeps) {
    this.#deps = deps;
    deps.bus.subscribe(SUBJECT.alive, (trouble) => {
      this.#heard(typeof trouble === 'string' ? trouble : undefined);
    });
  }

  /** Starts the process and answers once it collects; a failure is retried in the background. */
  start(): Promise<Result<Json>> {
    const child = startOwnProcess(new URL('./process', import.meta.url));
    this.#child = child;
    this.#link = this.#deps.bus.connect(child.pipe);
    void child.ended.then((why) => this.#lost(why));
    return this.#begin();
  }

  state(): EvidenceState {
    return this.#state;
  }

  /** Since when it has been up without a break; undefined while it is not. */
  upSince(): TimeNs | undefined {
    return this.#state.state === 'up' ? this.#upSince : undefined;
  }

  /** Calls the process; LG_RUNTIME_EVIDENCE_DOWN at once while it is not up. */
  async request(subject: string, payload: Json, deadlineMs: number): Promise<Result<Json>> {
    if (this.#state.state !== 'up') {
      return err(lgError('LG_RUNTIME_EVIDENCE_DOWN', `${subject} was not asked`));
    }
    return this.#deps.bus.request(subject, payload, deadlineMs);
  }

  /** Lets it seal and close, then ends it. Idempotent. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#cancelPause();
    this.#cancelWatch();
    if (this.#state.state === 'up') {
      await this.#deps.bus.request(SUBJECT.stop, null, STOP_DEADLINE_MS);
    }
    this.#link?.close();
    this.#child?.kill();
    await this.#child?.ended;
  }

  async #begin(): Promise<Result<Json>> {
    const { bus, settings, log } = this.#deps;
    const started = await bus.request(SUBJECT.start, settings(), START_DEADLINE_MS);
    if (started.ok) {
      this.#state = { state: 'up', restarts: this.#state.restarts };
      this.#pauseMs = BACKOFF_MS.first;
      this.#upSince = this.#deps.clock.now();
      this.#silentLooks = 0;
      this.#watch();
    } else {
      const { code, detail: why } = started.error;
      if (!this.#isStopping) log.error('EvidenceStartedError', { code, why });
      this.#state = { ...this.#state, why: started.error.message };
      this.#child?.kill();
    }
    return started;
  }

  #heard(trouble: string | undefined): void {
    this.#silentLooks = 0;
    if (this.#isStopping || this.#child === undefined) return;
    const { state, restarts } = this.#state;
    if (state === 'starting') return;
    this.#upSince ??= this.#deps.clock.now();
    this.#state = { state: 'up', restarts, ...(trouble === undefined ? {} : { why: trouble }) };
  }

  /** A process that is stopped or stuck answers nobody and never ends by itself. */
  #watch(): void {
    this.#cancelWatch = this.#deps.clock.after(WATCH_MS, () => {
      this.#silentLooks += 1;
      if (this.#silentLooks > SILENT_LOOKS.down && this.#state.state === 'up') {
        const why = `it has not answered for ${this.#silentLooks} s`;
        this.#state = { state: 'down', restarts: this.#state.restarts, why };
        this.#upSince = undefined;
        this.#deps.log.error('EvidenceSilent', { why });
      }
      if (this.#silentLooks > SILENT_LOOKS.stuck) this.#child?.kill();
      else this.#watch();
    });
  }

  #lost(why: string): void {
    if (this.#isStopping) return;
    this.#cancelWatch();
    this.#child = undefined;
    const { state, restarts, why: known } = this.#state;
    const first = state === 'up' ? why : (known ?? why);
    this.#state = { state: 'down', restarts: restarts + 1, why: first };
    this.#deps.log.error('EvidenceEnded', { why });
    this.#cancelPause = this.#deps.clock.after(this.#pauseMs, () => {
      this.#pauseMs = Math.min(this.#pauseMs * 2, BACKOFF_MS.last);
      void this.start();
    });
  }
}
