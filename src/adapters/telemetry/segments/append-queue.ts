import type { LastgoodError } from '../../../base/error.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { RecordBatch } from '../../../model/record/record-batch.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { AppendReceipt, BatchOrigin } from '../../../ports/telemetry-store.ts';
import { encodeBatch } from './batch-encode.ts';
import { lsnAfter, type Frame } from './log/frame.ts';
import type { WriteAheadLog } from './log/write-ahead-log.ts';
import { writeError } from './store-error.ts';
import { hasUids, type UidDedupe } from './uid-dedupe.ts';

/** Batches of one write: enough to share an fsync, few enough that the first need not wait. */
const GROUP_BATCHES = 64;

/** Bytes of one write; they are in memory three times while they are sealed. */
const GROUP_BYTES = 8 * 1024 * 1024;

/**
 * Rows that wait at once, for room or for the disk: two of the largest batches, about 100 MB. One
 * batch is always let in.
 */
const ROWS_MAX = 128 * 1024;

/**
 * A disk or a seal that is this far behind takes nothing more: OTLP exporters give up after ten
 * seconds and send again, and what is sent twice makes it worse.
 */
const WAIT_MS = 5_000;

/** A batch that is durable now. */
export interface StoredBatch {
  readonly frame: Frame;
  readonly batch: RecordBatch;
}

/** What the queue works with. */
export interface AppendParts {
  readonly log: WriteAheadLog;
  readonly dedupe: UidDedupe;
  readonly clock: Clock;
  /** See `SegmentStoreOptions.whyFull`. */
  readonly whyFull: () => string | undefined;
  readonly hot: {
    /** Answers once the hot table has room. */
    room(): Promise<Result<void>>;
    /** Called for each batch in the order of the log, before its append answers. */
    take(stored: StoredBatch): void;
  };
}

interface Waiting {
  readonly batch: RecordBatch;
  readonly origin: BatchOrigin;
  /** Made when it was appended, while the disk was busy with others; not with uids in it. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  readonly answer: (result: Result<AppendReceipt>) => void;
}

interface Prepared {
  readonly waiting: Waiting;
  readonly repeated: number;
  readonly stored: StoredBatch;
}

/**
 * Group commit: batches that arrive while the disk is busy share the next write and fsync. What
 * waits is bounded in rows and in time; beyond, appends are refused at once, to come again.
 */
export class AppendQueue {
  readonly #parts: AppendParts;
  #queue: Waiting[] = [];
  #running: Promise<void> | undefined;
  #rows = 0;
  /** When the batches came that are not answered yet, oldest first. */
  readonly #since = new Set<{ readonly sinceMs: number }>();

  constructor(parts: AppendParts) {
    this.#parts = parts;
  }

  /** Errors beside those of the disk: LG_INGEST_OVERLOADED, nothing was kept. */
  async append(batch: RecordBatch, origin: BatchOrigin): Promise<Result<AppendReceipt>> {
    const behind = this.#whyBehind(batch.rows);
    if (behind !== undefined) return err(lgError('LG_INGEST_OVERLOADED', behind));
    const full = this.#parts.whyFull();
    if (full !== undefined) return err(lgError('LG_STORE_DISK_FULL', full));
    const came = { sinceMs: this.#parts.clock.uptimeMs() };
    this.#since.add(came);
    this.#rows += batch.rows;
    try {
      const room = await this.#room();
      return room.ok ? await this.#enqueue(batch, origin) : room;
    } finally {
      this.#since.delete(came);
      this.#rows -= batch.rows;
    }
  }

  #whyBehind(rows: number): string | undefined {
    const [oldest] = this.#since;
    if (oldest === undefined) return undefined;
    const waitedMs = this.#parts.clock.uptimeMs() - oldest.sinceMs;
    if (waitedMs > WAIT_MS) return `the disk is ${Math.round(waitedMs / 1_000)} s behind`;
    if (this.#rows + rows <= ROWS_MAX) return undefined;
    return `${this.#rows} records wait for the disk already`;
  }

  /** Waits for room, but not for ever: sealing may take long, and so may a new engine. */
  #room(): Promise<Result<void>> {
    return new Promise((resolve, reject) => {
      const cancel = this.#parts.clock.after(WAIT_MS, () => {
        const detail = `sealing has made no room within ${WAIT_MS / 1_000} s`;
        resolve(err(lgError('LG_INGEST_OVERLOADED', detail)));
      });
      this.#parts.hot.room().then(resolve, reject).finally(cancel);
    });
  }

  #enqueue(batch: RecordBatch, origin: BatchOrigin): Promise<Result<AppendReceipt>> {
    const bytes = hasUids(batch) ? undefined : encodeBatch(batch);
    return new Promise((answer) => {
      this.#queue.push({ batch, origin, bytes, answer });
      this.#running ??= this.#run().finally(() => {
        this.#running = undefined;
      });
    });
  }

  /** Answers when everything appended so far is durable or has failed. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // Batches that arrive within this turn belong to the first group.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const group = this.#takeGroup();
      try {
        await this.#commit(group);
      } catch (error) {
        for (const { answer } of group) answer(err(writeError('the write-ahead log', error)));
      }
    }
  }

  #takeGroup(): readonly Waiting[] {
    let [count, bytes] = [0, 0];
    while (count < Math.min(this.#queue.length, GROUP_BATCHES) && bytes < GROUP_BYTES) {
      bytes += this.#queue[count]?.bytes?.length ?? 0;
      count += 1;
    }
    const group = this.#queue.slice(0, count);
    this.#queue = this.#queue.slice(count);
    return group;
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    const uids = new Set<string>();
    const prepared: Prepared[] = [];
    let lsn = this.#parts.log.nextLsn;
    for (const waiting of group) {
      const ready = await this.#prepare(waiting, lsn, uids);
      if (!ready.ok) {
        waiting.answer(ready);
        continue;
      }
      prepared.push(ready.value);
      lsn = lsnAfter(lsn, ready.value.stored.frame.rows);
    }
    if (prepared.length === 0) return;
    const failed = await this.#write(prepared);
    for (const { waiting, stored, repeated } of prepared) {
      if (failed !== undefined) {
        waiting.answer(err(failed));
        continue;
      }
      this.#parts.hot.take(stored);
      waiting.answer(ok({ stored: stored.batch.rows, repeated }));
    }
  }

  async #write(prepared: readonly Prepared[]): Promise<LastgoodError | undefined> {
    try {
      await this.#parts.log.write(prepared.map(({ stored }) => stored.frame));
      return undefined;
    } catch (error) {
      return writeError('the write-ahead log', error);
    }
  }

  async #prepare(waiting: Waiting, lsn: number, uids: Set<string>): Promise<Result<Prepared>> {
    const { origin } = waiting;
    const filtered = await this.#parts.dedupe.filter(waiting.batch, origin.sender, uids);
    if (!filtered.ok) return filtered;
    const { batch, repeated } = filtered.value;
    const bytes = waiting.bytes ?? encodeBatch(batch);
    const frame = { lsn, rows: batch.rows, origin, batch: bytes };
    return ok({ waiting, repeated, stored: { frame, batch } });
  }
}

/** The answer to appends after `close`. */
export function closedError(): LastgoodError {
  return lgError('LG_STORE_CLOSED', 'the telemetry store is closed');
}
