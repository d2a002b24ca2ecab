import { toRfc3339 } from '../../base/time.ts';
import type { Log } from '../../base/log.ts';
import type { SourceStatus } from '../../model/evidence/store-status.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppendReceipt } from '../../ports/telemetry-store.ts';

/** What was shed stays a problem of the status for this long. */
const SHED_SHOWN_MS = 60_000;

/** Reasons are sentences of the code; more of them than this are a bug, and are told as one. */
const REASONS_MAX = 16;

/** Who keeps what was refused tries again within ten seconds. */
const TRIES_AGAIN_MS = 15_000;

interface Refusals {
  readonly sinceMs: number;
  readonly lastMs: number;
}

type Counted = Pick<
  SourceStatus,
  'received' | 'records' | 'repeated' | 'leftOut' | 'rejects' | 'shed' | 'shedBy' | 'refused'
> &
  Pick<SourceStatus, 'lagMs' | 'lastRecordAt'>;

/** The one account of a source; it outlives the source's failures and new starts. */
export class SourceCounts {
  readonly #id: string;
  readonly #clock: Clock;
  readonly #log: Log;
  #records = 0;
  #repeated = 0;
  #leftOut = 0;
  #rejects = 0;
  #refused = 0;
  #lastRecordAt: string | undefined;
  readonly #shed = new Map<string, number>();
  #lastShed: { readonly why: string; readonly atMs: number } | undefined;
  /** When batches came that are not durable yet, oldest first. */
  readonly #waitingSinceMs = new Set<{ readonly sinceMs: number }>();
  /** Since when nothing of what came was stored because it was refused, and when it was last. */
  #refusals: Refusals | undefined;

  constructor(id: string, clock: Clock, log: Log) {
    this.#id = id;
    this.#clock = clock;
    this.#log = log;
  }

  /** A batch was handed over; what it answers is to be called once that has ended. */
  begin(): (receipt: AppendReceipt | undefined, leftOut: number) => void {
    const waiting = { sinceMs: this.#clock.uptimeMs() };
    this.#waitingSinceMs.add(waiting);
    return (receipt, leftOut) => {
      this.#waitingSinceMs.delete(waiting);
      if (receipt === undefined) {
        this.#refused += 1;
        const sinceMs = this.#refusal()?.sinceMs ?? waiting.sinceMs;
        this.#refusals = { sinceMs, lastMs: this.#clock.uptimeMs() };
        return;
      }
      this.#refusals = undefined;
      this.#records += receipt.stored;
      this.#repeated += receipt.repeated;
      this.#leftOut += leftOut;
      if (receipt.stored > 0) this.#lastRecordAt = toRfc3339(this.#clock.now());
    };
  }

  reject(): void {
    this.#rejects += 1;
  }

  refuse(): void {
    this.#refused += 1;
  }

  /** The first of a row of sheddings is told to the log. */
  shed(records: number, why: string): void {
    if (records === 0) return;
    const nowMs = this.#clock.uptimeMs();
    if (this.#shedWhy(nowMs) === undefined) {
      this.#log.warn('SourceShed', { source: this.#id, why });
    }
    const reason = this.#shed.has(why) || this.#shed.size < REASONS_MAX ? why : 'other reasons';
    this.#shed.set(reason, (this.#shed.get(reason) ?? 0) + records);
    this.#lastShed = { why, atMs: nowMs };
  }

  /** Why something was shed a moment ago; undefined when nothing was. */
  shedWhy(): string | undefined {
    return this.#shedWhy(this.#clock.uptimeMs());
  }

  #shedWhy(nowMs: number): string | undefined {
    const last = this.#lastShed;
    return last !== undefined && nowMs - last.atMs <= SHED_SHOWN_MS ? last.why : undefined;
  }

  counted(): Counted {
    const shedBy = [...this.#shed].map(([why, records]) => ({ why, records }));
    return {
      received: this.#records + this.#repeated + this.#leftOut,
      records: this.#records,
      repeated: this.#repeated,
      leftOut: this.#leftOut,
      rejects: this.#rejects,
      shed: shedBy.reduce((sum, { records }) => sum + records, 0),
      shedBy,
      refused: this.#refused,
      lagMs: this.#lagMs(),
      ...(this.#lastRecordAt === undefined ? {} : { lastRecordAt: this.#lastRecordAt }),
    };
  }

  #lagMs(): number {
    const [oldest] = this.#waitingSinceMs;
    const nowMs = this.#clock.uptimeMs();
    const sinceMs = Math.min(oldest?.sinceMs ?? nowMs, this.#refusal()?.sinceMs ?? nowMs);
    return Math.round(nowMs - sinceMs);
  }

  /** The refusals that somebody still waits for; a sender that stays away waits for nothing. */
  #refusal(): Refusals | undefined {
    const refusals = this.#refusals;
    if (refusals === undefined) return undefined;
    return this.#clock.uptimeMs() - refusals.lastMs <= TRIES_AGAIN_MS ? refusals : undefined;
  }
}
