import { messageOf } from '../../../base/error.ts';
import type { Log } from '../../../base/log.ts';
import { toRfc3339 } from '../../../base/time.ts';
import type { RecordBatch } from '../../../model/record/record-batch.ts';
import { selectRows } from '../../../model/record/select-rows.ts';
import type { RuleStatus, SourceRule } from '../../../model/evidence/source-rule.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { TelemetryStore } from '../../../ports/telemetry-store.ts';
import { AppliedRule, type RuleJudgment } from './applied-rule.ts';
import { toldBatch, type Untold } from './told-batch.ts';

/** Texts of repeats, and components, that the rules of one source remember: about 16 MB. */
const TALLIES_MAX = 4096;

/** How often it is looked for what is over; intervals and windows are seconds and more. */
const TELL_MS = 1_000;

/** Records of one batch; the rest follows at the next look. */
const TELL_ROWS = 4096;

/** The sender of the records that stand for others. */
const SENDER = 'lastgood';

/** A batch without what rules leave out. */
export interface Sifted {
  readonly kept: RecordBatch;
  readonly leftOut: number;
  /** To be called once the rows that were kept are durable: before that nothing counts. */
  commit(): void;
}

/** What applying rules needs. */
export interface AppliedRulesParts {
  readonly source: string;
  readonly store: Pick<TelemetryStore, 'append'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The rules of one source at work. Rows are judged against what was committed, so that a batch that
 * the store refuses, or that comes twice, is judged anew and nothing of it is counted before.
 */
export class AppliedRules {
  readonly #parts: AppliedRulesParts;
  #rules: readonly AppliedRule[];
  #untold: readonly Untold[] = [];
  #cancel: (() => void) | undefined;
  #telling: Promise<void> = Promise.resolve();

  constructor(parts: AppliedRulesParts, rules: readonly SourceRule[]) {
    this.#parts = parts;
    this.#rules = applied(rules);
  }

  /** What is left of a batch; the batch itself where no rule is about a row of it. */
  sift(batch: RecordBatch): Sifted {
    const { clock } = this.#parts;
    const nowMs = clock.uptimeMs();
    this.#collect(nowMs);
    const judgments = this.#rules.flatMap((rule) => rule.begin(batch, nowMs) ?? []);
    if (judgments.length === 0) return { kept: batch, leftOut: 0, commit: () => undefined };
    const keep: number[] = [];
    for (let row = 0; row < batch.rows; row += 1) if (isKept(judgments, row)) keep.push(row);
    const leftOut = batch.rows - keep.length;
    return {
      kept: leftOut === 0 ? batch : selectRows(batch, keep),
      leftOut,
      commit: () => {
        const at = toRfc3339(clock.now());
        for (const judgment of judgments) judgment.commit(clock.uptimeMs(), at);
        this.#tellLater();
      },
    };
  }

  status(): readonly RuleStatus[] {
    return this.#rules.map((rule) => rule.status());
  }

  /** Takes over other rules; what the old ones left out is told. */
  replace(rules: readonly SourceRule[]): void {
    this.#collect(Number.POSITIVE_INFINITY);
    this.#rules = applied(rules);
    this.#tellLater();
  }

  /** Tells everything that was left out so far. Idempotent. */
  async stop(): Promise<void> {
    this.#cancel?.();
    await this.#telling;
    this.#cancel?.();
    this.#collect(Number.POSITIVE_INFINITY);
    while (this.#untold.length > 0) {
      const before = this.#untold.length;
      await this.#tell();
      if (this.#untold.length === before) break;
    }
    const lost = this.#untold.reduce((sum, { tally }) => sum + tally.records, 0);
    if (lost > 0) this.#parts.log.warn('RuleCountLost', { source: this.#parts.source, lost });
    this.#untold = [];
  }

  /** Moves what is over to what has to be told. */
  #collect(nowMs: number): void {
    for (const by of this.#rules) {
      // While the store refuses, what is over waits in its rule, where room is bounded.
      if (this.#untold.length >= TALLIES_MAX && Number.isFinite(nowMs)) return;
      const due = by.takeDue(nowMs).map((tally) => ({ by, tally }));
      if (due.length > 0) this.#untold = [...this.#untold, ...due];
    }
  }

  #tellLater(): void {
    const isWaiting = this.#untold.length > 0 || this.#rules.some((rule) => rule.isWaiting);
    if (this.#cancel !== undefined || !isWaiting) return;
    this.#cancel = this.#parts.clock.after(TELL_MS, () => {
      this.#telling = this.#tellDue();
    });
  }

  async #tellDue(): Promise<void> {
    this.#collect(this.#parts.clock.uptimeMs());
    await this.#tell();
    this.#cancel = undefined;
    this.#tellLater();
  }

  /** Writes what there is to tell; what the store refuses is told next time. */
  async #tell(): Promise<void> {
    const { source, store, clock, log } = this.#parts;
    const some = this.#untold.slice(0, TELL_ROWS);
    if (some.length === 0) return;
    try {
      const batch = toldBatch(source, some, clock.now());
      const receipt = await store.append(batch, { source, sender: SENDER });
      if (!receipt.ok) return;
    } catch (error) {
      log.error('RuleTellError', { source, error: messageOf(error) });
      return;
    }
    this.#untold = this.#untold.slice(some.length);
    for (const { by } of some) by.wrote();
  }
}

function isKept(judgments: readonly RuleJudgment[], row: number): boolean {
  for (const judgment of judgments) {
    const isLeftOut = judgment.judge(row);
    // The first rule that is about a record decides.
    if (isLeftOut !== undefined) return !isLeftOut;
  }
  return true;
}

function applied(rules: readonly SourceRule[]): readonly AppliedRule[] {
  const remembering = rules.filter((rule) => rule.do !== 'drop').length;
  const room = Math.floor(TALLIES_MAX / Math.max(1, remembering));
  return rules.map((rule) => new AppliedRule(rule, room));
}
