import { backoffMs, type Backoff } from '../../../base/backoff.ts';
import { messageOf } from '../../../base/error.ts';
import type { JsonObject } from '../../../base/canonical-json.ts';
import { ok, type Result } from '../../../base/result.ts';
import { isBrokenOff, startPipedProgram, type PipedProgram } from '../../../base/piped-program.ts';
import { waited } from '../../../base/waited.ts';
import type { Entity } from '../../../model/component/entity.ts';
import type { RecordBatch } from '../../../model/record/record-batch.ts';
import type { SourceState } from '../../../model/evidence/store-status.ts';
import { deliverUntilDurable } from '../../../ports/deliver-until-durable.ts';
import type { Normalizer } from '../../../ports/normalizer.ts';
import type { RunningSource, Source, SourceContext } from '../../../ports/source.ts';
import { gapBatch } from './gap-batch.ts';
import { lookAtJournal, readMachineId, type JournalAccess } from './journal-access.ts';
import {
  decodeJournalPosition,
  encodeJournalPosition,
  type JournalPosition,
} from './journal-position.ts';
import { journalctlWords, journalFilter, type JournalStart } from './journalctl-words.ts';
import { journaldSpecSchema, type JournaldSpec } from './journald-spec.ts';
import { withoutFirstRow } from './without-first-row.ts';

/** What the composition root gives. */
export interface JournaldSourceParts {
  /** journalctl, with words that always come first. */
  readonly program: readonly string[];
  /** Makes a normalizer of the journal export format; one for each journalctl. */
  readonly normalizerOf: (source: string) => Normalizer;
  /** This host, of which gaps are told. */
  readonly resource: JsonObject;
  readonly entity: Entity;
}

/** Before journalctl is started again. */
const RESTART: Backoff = { firstMs: 250, mostMs: 10_000 };

/** How often it is looked whether the journal came, moved, or may be read now. */
const LOOK_MS = 10_000;

/**
 * Follows the journal of systemd through a supervised `journalctl --follow`. The cursor is stored
 * with each batch, so each entry is stored exactly once, whichever of the processes is killed; what
 * was removed from the journal before it was read becomes a record that says so.
 */
export function createJournaldSource(parts: JournaldSourceParts): Source<JournaldSpec> {
  return {
    kind: 'journald',
    specSchema: journaldSpecSchema,
    start: (spec, context) => Promise.resolve(startFollowing(parts, spec, context)),
  };
}

function startFollowing(
  parts: JournaldSourceParts,
  spec: JournaldSpec,
  context: SourceContext,
): Result<RunningSource> {
  const follower = new JournalFollower(parts, spec, context, readMachineId());
  const following = follower.follow();
  return ok({
    status: () => follower.status(),
    async stop() {
      follower.end();
      await following;
    },
  });
}

/** One running source: journalctl after journalctl, one at a time. */
class JournalFollower {
  readonly #parts: JournaldSourceParts;
  readonly #spec: JournaldSpec;
  readonly #context: SourceContext;
  readonly #machineId: string | undefined;
  readonly #filter: string;
  readonly #sinceSeconds: number;
  readonly #stopping = new AbortController();
  #at: JournalPosition | undefined;
  #child: PipedProgram | undefined;
  /** Why the journal cannot be read, or not all of it; and why the store refuses. */
  #unreadable: string | undefined;
  #refusal: string | undefined;
  #failures = 0;
  #gaps = 0;

  constructor(
    parts: JournaldSourceParts,
    spec: JournaldSpec,
    context: SourceContext,
    machineId: string | undefined,
  ) {
    this.#parts = parts;
    this.#spec = spec;
    this.#context = context;
    this.#machineId = machineId;
    this.#filter = journalFilter(spec, machineId).join(' ');
    const sinceNs = context.clock.now() - BigInt(Math.round(spec.since)) * 1_000_000n;
    this.#sinceSeconds = Math.max(0, Number(sinceNs / 1_000_000_000n));
    this.#at = decodeJournalPosition(context.position());
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Until it is ended: waits for a journal that may be read, and reads it. */
  async follow(): Promise<void> {
    while (!this.#isStopping) {
      const access = lookAtJournal(this.#spec.directory, this.#machineId);
      this.#unreadable = access.problem;
      if (access.kind === 'absent' || access.kind === 'unreadable') {
        await this.#wait(LOOK_MS);
        continue;
      }
      const why = await this.#followOnce(access);
      if (this.#isStopping || why === undefined) continue;
      this.#unreadable = why;
      this.#context.log.warn('JournalReadError', { source: this.#context.id, error: why });
      const pauseMs = backoffMs(this.#failures, RESTART);
      this.#failures += 1;
      await this.#wait(pauseMs);
    }
  }

  /** One journalctl from its start to its end; undefined when it was ended to look anew. */
  async #followOnce(access: JournalAccess): Promise<string | undefined> {
    const words = journalctlWords(this.#spec, this.#machineId, this.#start());
    const child = startPipedProgram([...this.#parts.program, ...words]);
    this.#child = child;
    let hasMoved = false;
    const cancelLook = this.#lookAgain(access, () => {
      hasMoved = true;
      child.end();
    });
    try {
      await this.#readAll(child);
      return hasMoved ? undefined : `journalctl: ${await child.ended}`;
    } catch (error) {
      if (hasMoved) return undefined;
      return isBrokenOff(error) ? `journalctl: ${await child.ended}` : messageOf(error);
    } finally {
      cancelLook();
      this.#child = undefined;
      child.end();
    }
  }

  #start(): JournalStart {
    return this.#at === undefined
      ? { kind: 'since', unixSeconds: this.#sinceSeconds }
      : { kind: 'cursor', cursor: this.#at.cursor };
  }

  /** journalctl does not see a journal that became persistent, nor a grant: it is started anew. */
  #lookAgain(access: JournalAccess, moved: () => void): () => void {
    let cancel = (): void => undefined;
    let isOver = false;
    const look = (): void => {
      const now = lookAtJournal(this.#spec.directory, this.#machineId);
      const isSame = now.kind === access.kind && now.folders.join() === access.folders.join();
      if (isOver) return;
      if (isSame) cancel = this.#context.clock.after(LOOK_MS, look);
      else moved();
    };
    cancel = this.#context.clock.after(LOOK_MS, look);
    return () => {
      isOver = true;
      cancel();
    };
  }

  async #readAll({ output }: PipedProgram): Promise<void> {
    const normalizer = this.#parts.normalizerOf(this.#context.id);
    let isFirst = true;
    // Read as fast as batches become durable: meanwhile journalctl waits.
    for await (const bytes of output) {
      if (this.#isStopping) return;
      // What is incomplete when journalctl ends is read again by the next one.
      for (const part of normalizer.push(bytes)) {
        if (part.kind === 'reject') {
          this.#context.reject(part.reject);
          continue;
        }
        const batch = isFirst ? await this.#joined(part.batch) : part.batch;
        isFirst = false;
        if (batch === undefined || !(await this.#store(batch, batch.position.at(-1)))) return;
        this.#failures = 0;
      }
    }
  }

  /**
   * The first batch of a journalctl without the entry that is durable already. When that entry does
   * not come first, it is gone, and others after it may be: the gap is told, once.
   */
  async #joined(batch: RecordBatch): Promise<RecordBatch | undefined> {
    const at = this.#at;
    if (at === undefined) return batch;
    const [first = ''] = batch.position;
    if (first === at.cursor) return withoutFirstRow(batch);
    if (at.isGapTold || at.filter !== this.#filter) return batch;
    const { resource, entity } = this.#parts;
    const origin = { source: this.#context.id, resource, entity };
    const gap = gapBatch(origin, at.cursor, first, this.#context.clock.now());
    if (!(await this.#store(gap, undefined))) return undefined;
    this.#gaps += 1;
    this.#context.log.warn('JournalGapFound', { source: this.#context.id });
    return batch;
  }

  /**
   * Delivers until it is durable or refused for good; false when the source is being stopped before
   * that. `cursor`: of the last row; undefined for the record of a gap: the position stays.
   */
  async #store(batch: RecordBatch, cursor: string | undefined): Promise<boolean> {
    const next = this.#next(cursor);
    if (batch.rows === 0) return true;
    const position = next === undefined ? {} : { position: encodeJournalPosition(next) };
    const origin = { sender: this.#context.id, ...position };
    const outcome = await deliverUntilDurable(this.#context, {
      batch,
      origin,
      signal: this.#stopping.signal,
      onProblem: (problem) => (this.#refusal = problem),
      reject: (reject) => this.#context.reject(reject),
    });
    if (outcome === 'stopped') return false;
    this.#at = next;
    return true;
  }

  #next(cursor: string | undefined): JournalPosition | undefined {
    if (cursor !== undefined) return { cursor, filter: this.#filter, isGapTold: false };
    return this.#at === undefined ? undefined : { ...this.#at, isGapTold: true };
  }

  #wait(ms: number): Promise<boolean> {
    return waited(ms, this.#context.clock, this.#stopping.signal);
  }

  status(): SourceState {
    const { directory, units = [] } = this.#spec;
    const isReading = this.#child !== undefined;
    const problem = this.#refusal ?? unreadable(this.#unreadable);
    return {
      state: this.#isStopping ? 'off' : isReading ? 'running' : 'waiting',
      target: [directory ?? 'the journal', ...units].join(' '),
      gaps: this.#gaps,
      ...(problem === undefined ? {} : { problem }),
    };
  }

  /** Takes no more; what is being delivered is delivered. Idempotent. */
  end(): void {
    this.#stopping.abort();
    this.#child?.end();
  }
}

function unreadable(why: string | undefined): string | undefined {
  return why === undefined ? undefined : `LG_INGEST_SOURCE_UNREADABLE: ${why}`;
}
