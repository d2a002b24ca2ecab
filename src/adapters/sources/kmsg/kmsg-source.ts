import { backoffMs, type Backoff } from '../../../base/backoff.ts';
import { messageOf } from '../../../base/error.ts';
import { isBrokenOff, type PipedProgram } from '../../../base/piped-program.ts';
import { ok, type Result } from '../../../base/result.ts';
import { waited } from '../../../base/waited.ts';
import type { SourceState } from '../../../model/evidence/store-status.ts';
import type { RunningSource, Source, SourceContext } from '../../../ports/source.ts';
import { CLOSED, OVERWRITTEN } from './kmsg-command.ts';
import type { KmsgSourceParts } from './kmsg-parts.ts';
import { kmsgSpecSchema, type KmsgSpec } from './kmsg-spec.ts';
import { KmsgTaker } from './kmsg-taker.ts';

/** Before it is opened again. */
const RESTART: Backoff = { firstMs: 250, mostMs: 10_000 };

/** A device that may not be read is looked at again for a grant. */
const LOOK_MS = 60_000;

/**
 * Follows the kernel's log, of which each machine has one, by a supervised program that reads
 * `/dev/kmsg`. The kernel numbers its messages: the newest number is stored with each batch, so
 * each message is stored exactly once, whichever of the processes is killed, and what the kernel
 * wrote over before it was read becomes a record that says how much.
 */
export function createKmsgSource(parts: KmsgSourceParts): Source<KmsgSpec> {
  return {
    kind: 'kmsg',
    specSchema: kmsgSpecSchema,
    start: (spec, context) => Promise.resolve(startReading(parts, spec, context)),
  };
}

function startReading(
  parts: KmsgSourceParts,
  spec: KmsgSpec,
  context: SourceContext,
): Result<RunningSource> {
  if (parts.journal !== undefined && !spec.besideJournal) {
    const target = `the kernel's log, which ${parts.journal} tells`;
    return ok({ status: () => ({ state: 'off', target }), stop: () => Promise.resolve() });
  }
  const follower = new KmsgFollower(parts, spec, context);
  const following = follower.follow();
  return ok({
    status: () => follower.status(),
    async stop() {
      follower.end();
      await following;
    },
  });
}

/** One running source: program after program, one at a time. */
class KmsgFollower {
  readonly #parts: KmsgSourceParts;
  readonly #context: SourceContext;
  readonly #stopping = new AbortController();
  readonly #taker: KmsgTaker;
  #child: PipedProgram | undefined;
  #problem: string | undefined;
  #isClosed = false;
  #failures = 0;

  constructor(parts: KmsgSourceParts, spec: KmsgSpec, context: SourceContext) {
    this.#parts = parts;
    this.#context = context;
    this.#taker = new KmsgTaker(parts, spec, context, this.#stopping.signal);
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async follow(): Promise<void> {
    const { clock, log, id } = this.#context;
    while (!this.#isStopping) {
      const why = await this.#followOnce();
      if (this.#isStopping) return;
      this.#isClosed = CLOSED.test(why);
      // That the kernel was faster is no failure: numbers tell what is missing.
      this.#problem = OVERWRITTEN.test(why) ? undefined : why;
      if (this.#problem !== undefined) log.warn('KernelLogReadError', { source: id, error: why });
      const pauseMs = this.#isClosed ? LOOK_MS : backoffMs(this.#failures, RESTART);
      this.#failures += 1;
      await waited(pauseMs, clock, this.#stopping.signal);
    }
  }

  /** One program from its start to its end; answers why it ended. */
  async #followOnce(): Promise<string> {
    const child = this.#parts.programs.start(this.#parts.command);
    this.#child = child;
    this.#taker.begin();
    try {
      // Read as fast as batches become durable: meanwhile the program waits.
      for await (const bytes of child.output) {
        this.#problem = undefined;
        this.#isClosed = false;
        if (!(await this.#taker.take(bytes))) break;
        this.#failures = 0;
      }
      return await child.ended;
    } catch (error) {
      return isBrokenOff(error) ? await child.ended : messageOf(error);
    } finally {
      this.#child = undefined;
      child.end();
    }
  }

  status(): SourceState {
    const problem = this.#taker.problem ?? unreadable(this.#problem);
    const isOff = this.#isStopping || (this.#isClosed && this.#parts.isFound);
    const isReading = this.#child !== undefined && this.#problem === undefined;
    return {
      state: isOff ? 'off' : isReading ? 'running' : 'waiting',
      target: "the kernel's log",
      gaps: this.#taker.gaps,
      ...(problem === undefined || isOff ? {} : { problem }),
    };
  }

  /** Takes no more; what is being delivered is delivered. Idempotent. */
  end(): void {
    this.#stopping.abort();
    this.#child?.end();
  }
}

function unreadable(why: string | undefined): string | undefined {
  if (why === undefined) return undefined;
  const mend = CLOSED.test(why)
    ? '; root reads it: start lastgood or its host runner as root, or remove this source'
    : '';
  return `LG_INGEST_SOURCE_UNREADABLE: ${why}${mend}`;
}
