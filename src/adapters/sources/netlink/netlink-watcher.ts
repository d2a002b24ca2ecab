import type { PipedProgram } from '../../../base/piped-program.ts';
import type { Programs } from '../../../base/programs.ts';
import { waited } from '../../../base/waited.ts';
import { RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import { deliverUntilDurable } from '../../../ports/deliver-until-durable.ts';
import type { DecodedNetlink, NetlinkDecoder } from '../../../ports/netlink-decoder.ts';
import type { SourceContext } from '../../../ports/source.ts';
import { Inbox } from './inbox.ts';
import type { NetlinkCommands } from './netlink-commands.ts';
import { runDumps } from './run-dump.ts';

/** First and longest wait before the program is started again. */
const RESTART_FIRST_MS = 250;
const RESTART_MOST_MS = 30_000;

/** What rtmon writes when the kernel's queue for it overflowed (ENOBUFS, iproute2 libnetlink.c). */
const LOSS = /No buffer space available/;

/** A program that ran this long had started well. */
const WELL_MS = 60_000;

/** The dump at the start is over when nothing came for this long, or after ten times that. */
const QUIET_MS = 100;
const QUIET_ROUNDS_MAX = 10;

/** A link that flaps changes several times at once: routes are looked at when it is over. */
const SETTLE_MS = 200;

/** Nothing is due: what comes wakes the loop. */
const IDLE_MS = 60_000;

/** What a watcher is made of. */
export interface WatcherParts {
  readonly commands: NetlinkCommands;
  readonly programs: Programs;
  readonly decoder: NetlinkDecoder;
  readonly context: SourceContext;
  /** What is told of as its target. */
  readonly target: string;
}

/**
 * One namespace under watch. All decoding, dumping and delivering happens in one loop, so a dump is
 * always applied before the messages that arrived while it was made: replaying those on top of it
 * ends in the true state, the other order would not.
 */
export class NetlinkWatcher {
  readonly #commands: NetlinkCommands;
  readonly #programs: Programs;
  readonly #decoder: NetlinkDecoder;
  readonly #context: SourceContext;
  readonly #target: string;
  readonly #inbox = new Inbox();
  readonly #stopping = new AbortController();
  #monitor: PipedProgram | undefined;
  #builder = new RecordBatchBuilder();
  #loop: Promise<void> = Promise.resolve();
  #lastWords: string | undefined;
  #dumpDueMs: number | undefined;
  #isReady = false;
  #problem: string | undefined;
  #dumpProblem: string | undefined;

  constructor({ commands, programs, decoder, context, target }: WatcherParts) {
    this.#commands = commands;
    this.#programs = programs;
    this.#decoder = decoder;
    this.#context = context;
    this.#target = target;
  }

  /** Starts; undefined once the state is known, else why it is not. */
  start(waitMs: number): Promise<string | undefined> {
    return new Promise((resolve) => {
      const cancel = this.#context.clock.after(waitMs, () => resolve('it wrote nothing'));
      this.#loop = this.#run((problem) => {
        cancel();
        resolve(problem);
      });
    });
  }

  async #run(onStarted: (problem: string | undefined) => void): Promise<void> {
    const { clock, log, id } = this.#context;
    const { signal } = this.#stopping;
    let waitMs = RESTART_FIRST_MS;
    while (!signal.aborted) {
      const startedMs = clock.uptimeMs();
      await this.#session(() => onStarted(undefined));
      if (signal.aborted) break;
      this.#problem = `${this.#target} ended: ${this.#lastWords ?? 'no reason given'}`;
      onStarted(this.#lastWords);
      log.warn('NetlinkMonitorEnded', { source: id, why: this.#lastWords ?? '' });
      if (clock.uptimeMs() - startedMs > WELL_MS) waitMs = RESTART_FIRST_MS;
      await waited(waitMs, clock, signal);
      waitMs = Math.min(RESTART_MOST_MS, waitMs * 2);
    }
    onStarted('it was stopped');
  }

  /** One life of the program, from its first dump to its end or ours. */
  async #session(onReady: () => void): Promise<void> {
    const { signal } = this.#stopping;
    this.#decoder.begin();
    this.#lastWords = undefined;
    const monitor = this.#startMonitor();
    await this.#takeStart();
    if (this.#lastWords === undefined && !signal.aborted) {
      this.#isReady = true;
      this.#problem = undefined;
      onReady();
    }
    while (!signal.aborted && (this.#lastWords === undefined || !this.#inbox.isEmpty)) {
      await this.#inbox.wait(this.#untilDumpMs(), this.#context.clock.after);
      if (this.#untilDumpMs() === 0) await this.#dump();
      this.#decode();
      await this.#deliver();
      monitor.output.resume();
    }
    this.#isReady = false;
    monitor.end();
    await monitor.ended;
    this.#decode();
    await this.#deliver();
  }

  #startMonitor(): PipedProgram {
    let hasLost = false;
    const monitor = this.#programs.start(this.#commands.monitor, (said) => {
      if (hasLost || !LOSS.test(said)) return;
      hasLost = true;
      this.#reject('the kernel dropped messages; what changed is found by comparing', '');
      // Only a new start dumps the links, too.
      monitor.end();
    });
    monitor.output.on('data', (bytes: Buffer) => {
      this.#inbox.put(bytes);
      if (this.#inbox.isFull) monitor.output.pause();
    });
    this.#monitor = monitor;
    void monitor.ended.then((words) => {
      this.#lastWords = words;
      this.#inbox.ring();
    });
    return monitor;
  }

  /** Takes the dump of links with which the program starts, then dumps the rest. */
  async #takeStart(): Promise<void> {
    const { clock } = this.#context;
    while (this.#inbox.isEmpty && this.#isGoing()) await this.#inbox.wait(IDLE_MS, clock.after);
    for (let round = 0; round < QUIET_ROUNDS_MAX && this.#isGoing(); round += 1) {
      this.#decode();
      await this.#inbox.wait(QUIET_MS, clock.after);
      if (this.#inbox.isEmpty) break;
    }
    if (!this.#isGoing()) return;
    this.#decoder.settle(clock.now(), this.#builder);
    await this.#dump();
    await this.#deliver();
  }

  #isGoing(): boolean {
    return this.#lastWords === undefined && !this.#stopping.signal.aborted;
  }

  #untilDumpMs(): number {
    if (this.#dumpDueMs === undefined) return IDLE_MS;
    return Math.max(0, Math.ceil(this.#dumpDueMs - this.#context.clock.uptimeMs()));
  }

  #decode(): void {
    const { clock } = this.#context;
    for (const piece of this.#inbox.take()) {
      const decoded = this.#decoder.push(piece, clock.now(), this.#builder);
      this.#note(decoded);
      if (decoded.mayHideRoutes) this.#dumpDueMs = clock.uptimeMs() + SETTLE_MS;
    }
  }

  async #dump(): Promise<void> {
    const { clock, log, id } = this.#context;
    this.#dumpDueMs = undefined;
    for (const what of ['addresses', 'routes'] as const) {
      const dumps = await runDumps(this.#commands[what], this.#programs, this.#stopping.signal);
      if (this.#stopping.signal.aborted) return;
      if (!dumps.ok) {
        // Messages go on without it; what the kernel does silently stays unknown.
        this.#dumpProblem = dumps.error.message;
        log.warn('NetlinkDumpError', { source: id, code: dumps.error.code });
        return;
      }
      this.#note(this.#decoder.replace(what, dumps.value, clock.now(), this.#builder));
    }
    this.#dumpProblem = undefined;
  }

  #note({ rejects }: DecodedNetlink): void {
    for (const { reason, input } of rejects) this.#reject(reason, input);
  }

  #reject(reason: string, input: string): void {
    this.#context.reject({ reason, input });
  }

  /** Delivers until it is durable or refused for good, or until the source is being stopped. */
  async #deliver(): Promise<void> {
    if (this.#builder.rows === 0) return;
    const batch = this.#builder.build();
    this.#builder = new RecordBatchBuilder();
    await deliverUntilDurable(this.#context, {
      batch,
      origin: { sender: this.#context.id },
      signal: this.#stopping.signal,
      onProblem: (problem) => (this.#problem = problem),
      reject: ({ reason, input }) => this.#reject(reason, input),
    });
  }

  status() {
    const problem = this.#problem ?? this.#dumpProblem;
    const isOff = this.#stopping.signal.aborted;
    return {
      state: isOff ? ('off' as const) : this.#isReady ? ('running' as const) : ('waiting' as const),
      target: this.#target,
      // The kernel tells as it happens: a monitor that is silent has nothing to tell.
      caughtUp: this.#isReady,
      ...(problem === undefined ? {} : { problem }),
    };
  }

  /** Idempotent. What was taken is delivered once more before this answers. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#monitor?.end();
    this.#inbox.ring();
    await this.#loop;
  }
}
