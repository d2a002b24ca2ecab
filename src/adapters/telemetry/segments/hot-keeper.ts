import type { Log } from '../../../base/log.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { toUnixMs } from '../../../base/time.ts';
import type { Clock } from '../../../ports/clock.ts';
import { closedError, type StoredBatch } from './append-queue.ts';
import type { EngineKeeper } from './engine/engine-keeper.ts';
import type { StoreLimits } from './limits.ts';
import { lsnAfter, type Frame } from './log/frame.ts';
import type { Cut } from './sealer.ts';
import type { SourceProgress } from './source-progress.ts';
import type { UidDedupe } from './uid-dedupe.ts';

/** After a seal failed (a full disk, say) the next one by itself waits this long. */
const RETRY_MS = 10_000;

/** What keeps the hot rows. */
export interface HotParts {
  readonly clock: Clock;
  readonly say: Log;
  readonly limits: StoreLimits;
  readonly progress: SourceProgress;
  readonly dedupe: UidDedupe;
  readonly engine: EngineKeeper;
  /** Makes a segment of a closed hot table; `published` is called when its rows count there. */
  readonly sealCut: (cut: Cut, published: () => void) => Promise<Result<void>>;
}

/** The hot table that is being loaded. */
interface OpenTable {
  rows: number;
  bytes: number;
  /** Texts in its dictionary. */
  texts: number;
  firstLsn: number;
}

/**
 * Follows rows from the log into the hot table and decides when that is sealed. Everything hot is
 * in the log as well, so that the engine may die without losing a row.
 */
export class HotKeeper {
  readonly #parts: HotParts;
  #generation = 0;
  #open: OpenTable;
  #loadedLsn: number;
  #sealedLsn: number;
  #cuts: Cut[] = [];
  /** Rows of the first cut that count in a segment already. */
  #publishedRows = 0;
  #sealing: Promise<Result<void>> | undefined;
  #loadingBytes = 0;
  #waiters: (() => void)[] = [];
  #retryAtMs = 0;
  /** Wall clock at uptime 0: steps that it makes later must not shorten the window of uids. */
  readonly #bornMs: number;
  #stopTimer: () => void = () => undefined;
  #closed = false;

  /** `sealedLsn`: everything before it is in segments. */
  constructor(parts: HotParts, sealedLsn: number) {
    this.#parts = parts;
    this.#loadedLsn = sealedLsn;
    this.#sealedLsn = sealedLsn;
    this.#bornMs = toUnixMs(parts.clock.now()) - parts.clock.uptimeMs();
    this.#open = emptyTable(sealedLsn);
    this.#beginTable();
    this.#armTimer();
  }

  /** Rows in no segment yet. */
  get rows(): number {
    const hot = this.#cuts.reduce((sum, { rows }) => sum + rows, this.#open.rows);
    return hot - this.#publishedRows;
  }

  get sealedLsn(): number {
    return this.#sealedLsn;
  }

  /** A batch is durable: takes it into the hot table. Called in the order of the log. */
  take({ frame, batch }: StoredBatch): void {
    const { progress, dedupe, clock } = this.#parts;
    progress.note(frame.origin, batch);
    dedupe.remember(batch, frame.origin.sender, frame.lsn, this.#bornMs + clock.uptimeMs());
    this.#loadedLsn = lsnAfter(frame.lsn, frame.rows);
    // An engine that is being filled gets this batch from the log like all others.
    if (this.#parts.engine.reviving === undefined) this.#count(frame, false);
    this.#sealIfDue();
  }

  /** The same for frames read back from the log; waits while too many are on their way. */
  async takeBack(frame: Frame): Promise<void> {
    this.#loadedLsn = Math.max(this.#loadedLsn, lsnAfter(frame.lsn, frame.rows));
    this.#count(frame, true);
    while (this.#loadingBytes > this.#parts.limits.loadingBytes) await this.#someLoaded();
  }

  /** Resolves when no seal is going on. */
  async settled(): Promise<void> {
    await this.#sealing;
  }

  /** A new engine knows no hot rows: everything hot is about to come back by `takeBack`. */
  forgetLoaded(): void {
    this.#cuts = [];
    this.#open = emptyTable(this.#sealedLsn);
    this.#beginTable();
  }

  /** Waits while too much is on its way into the hot table, or too much is hot. */
  async room(): Promise<Result<void>> {
    const { limits, engine } = this.#parts;
    while (!this.#closed) {
      if (engine.reviving !== undefined) await engine.reviving;
      const bytes = this.#cuts.reduce((sum, cut) => sum + cut.bytes, this.#open.bytes);
      const crowded = this.rows >= 2 * limits.sealRows || bytes >= 2 * limits.sealBytes;
      if (crowded) {
        const sealed = await (this.#sealing ?? this.seal());
        if (!sealed.ok) return sealed;
      } else if (this.#loadingBytes > limits.loadingBytes) await this.#someLoaded();
      else return ok(undefined);
    }
    return err(closedError());
  }

  /** Seals everything taken before the call. */
  async seal(): Promise<Result<void>> {
    const { engine } = this.#parts;
    while (this.#sealing !== undefined || engine.reviving !== undefined) {
      await this.#sealing;
      await engine.reviving;
    }
    if (this.#closed) return err(closedError());
    this.#cut();
    this.#sealing = this.#sealCuts().finally(() => {
      this.#sealing = undefined;
    });
    return await this.#sealing;
  }

  /** Ends sealing; nothing is sealed now, the log has it all. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopTimer();
    await this.#sealing;
    this.#wake();
  }

  #count(frame: Frame, directly: boolean): void {
    const { rows, lsn, origin, batch } = frame;
    const bytes = batch.length;
    if (this.#open.rows === 0) this.#open.firstLsn = lsn;
    this.#open.rows += rows;
    this.#open.bytes += bytes;
    if (rows === 0) return;
    this.#loadingBytes += bytes;
    const { engine, say } = this.#parts;
    const table = this.#open;
    const input = { lsn, sender: origin.sender, bytes: batch };
    const loading = directly
      ? engine.askDirectly('load', input, [batch.buffer])
      : engine.ask('load', input, [batch.buffer]);
    void loading.then((loaded) => {
      this.#loadingBytes -= bytes;
      if (loaded.ok) table.texts = loaded.value;
      else say.error('BatchLoadedError', { lsn, why: loaded.error.detail });
      this.#wake();
    });
  }

  #sealIfDue(): void {
    const { limits, clock } = this.#parts;
    const { rows, bytes, texts } = this.#open;
    const full =
      rows >= limits.sealRows || bytes >= limits.sealBytes || texts >= limits.dictionaryTexts;
    if (!full || this.#sealing !== undefined || clock.uptimeMs() < this.#retryAtMs) return;
    this.#sealByItself();
  }

  #sealByItself(): void {
    const { clock, say } = this.#parts;
    this.#retryAtMs = clock.uptimeMs() + RETRY_MS;
    void this.seal().then((sealed) => {
      if (sealed.ok) this.#retryAtMs = 0;
      else if (!this.#closed) say.error('SegmentSealedError', { why: sealed.error.message });
    });
  }

  #armTimer(): void {
    const { clock, limits } = this.#parts;
    this.#stopTimer = clock.after(limits.sealAfterMs, () => {
      if (this.#closed) return;
      this.#sealByItself();
      this.#armTimer();
    });
  }

  /** Closes the hot table where it is now; without an await, so no batch comes in between. */
  #cut(): void {
    const { rows, bytes, firstLsn } = this.#open;
    const began = this.#cuts.at(-1)?.state.endLsn ?? this.#sealedLsn;
    if (rows === 0 && this.#loadedLsn === began) return;
    const { progress, clock } = this.#parts;
    const state = progress.capture(this.#loadedLsn);
    const atMs = toUnixMs(clock.now());
    this.#cuts.push({ generation: this.#generation, firstLsn, rows, bytes, state, atMs });
    this.#open = emptyTable(this.#loadedLsn);
    this.#beginTable();
  }

  /** Generations are never used twice: a new engine must not mistake its table for an old one. */
  #beginTable(): void {
    this.#generation += 1;
    void this.#parts.engine.askDirectly('cut', { generation: this.#generation });
  }

  async #sealCuts(): Promise<Result<void>> {
    for (let cut = this.#cuts[0]; cut !== undefined; cut = this.#cuts[0]) {
      const { rows, state } = cut;
      const sealed = await this.#parts.sealCut(cut, () => (this.#publishedRows = rows));
      if (!sealed.ok) return sealed;
      this.#sealedLsn = state.endLsn;
      this.#cuts.shift();
      this.#publishedRows = 0;
    }
    return ok(undefined);
  }

  #someLoaded(): Promise<void> {
    return new Promise((wake) => {
      this.#waiters.push(wake);
    });
  }

  #wake(): void {
    for (const wake of this.#waiters.splice(0)) wake();
  }
}

function emptyTable(firstLsn: number): OpenTable {
  return { rows: 0, bytes: 0, texts: 0, firstLsn };
}
