import { assertUnreachable } from '../../../base/assert.ts';
import type { RecordBatch } from '../../../model/record/record-batch.ts';
import type { RuleStatus, SourceRule } from '../../../model/evidence/source-rule.ts';
import { repeatKey, speakerKey } from './rule-key.ts';
import { rowMatchOf, type RowMatch } from './row-match.ts';
import { momentOf, sampleOf, type Tally } from './tally.ts';

/** As many at once make room for the texts that come: a look through all for each would be dear. */
const FORGET_SHARE = 1 / 4;

/** Enough of a body for a line on a screen. */
const EXAMPLE_CHARS = 200;

/** What a rule would leave out of one batch, by what its records have in common. */
interface Draft {
  readonly firstRow: number;
  lastRow: number;
  /** Left out; the first of repeats is not. */
  records: number;
}

/** One rule while it judges one batch. Nothing counts before `commit`. */
export interface RuleJudgment {
  /** Whether the row is left out; undefined when the rule is not about it. */
  judge(row: number): boolean | undefined;
  /** The batch is durable without the rows that were left out. */
  commit(nowMs: number, at: string): void;
}

/** One rule with what it has left out and not told yet. */
export class AppliedRule {
  readonly rule: SourceRule;
  readonly #matchOf: (batch: RecordBatch) => RowMatch | undefined;
  readonly #talliesMax: number;
  readonly #tallies = new Map<string, Tally>();
  /** False once nothing could be forgotten, until the next batch. */
  #mayForget = true;
  #leftOut = 0;
  #written = 0;
  #lastAt: string | undefined;
  #example: string | undefined;

  /** `talliesMax`: texts of repeats, or components, that it remembers at once. */
  constructor(rule: SourceRule, talliesMax: number) {
    this.rule = rule;
    this.#talliesMax = talliesMax;
    this.#matchOf = rowMatchOf(rule.match);
  }

  /** Begins with a batch; undefined when the rule is about none of its rows. */
  begin(batch: RecordBatch, nowMs: number): RuleJudgment | undefined {
    const matches = this.#matchOf(batch);
    if (matches === undefined) return undefined;
    this.#mayForget = true;
    const drafts = new Map<string, Draft>();
    return {
      judge: (row) => (matches(row) ? this.#judge(batch, row, nowMs, drafts) : undefined),
      commit: (commitMs, at) => this.#commit(batch, drafts, commitMs, at),
    };
  }

  #judge(
    batch: RecordBatch,
    row: number,
    nowMs: number,
    drafts: Map<string, Draft>,
  ): boolean | undefined {
    const isRepeats = this.rule.do === 'dedupe';
    const key = isRepeats ? repeatKey(batch, row) : this.#groupOf(batch, row);
    if (key === undefined) return undefined;
    const draft = drafts.get(key);
    if (draft !== undefined) {
      draft.records += 1;
      draft.lastRow = row;
      return true;
    }
    const isFirst = isRepeats && !this.#isOpen(key, nowMs);
    if (isFirst && this.#isFull(drafts.size)) return undefined;
    drafts.set(key, { firstRow: row, lastRow: row, records: isFirst ? 0 : 1 });
    return !isFirst;
  }

  /** What is dropped needs no telling apart; more speakers than there is room for are one. */
  #groupOf(batch: RecordBatch, row: number): string {
    if (this.rule.do === 'drop') return '';
    const key = speakerKey(batch, row);
    return this.#tallies.has(key) || this.#tallies.size < this.#talliesMax ? key : '';
  }

  #isOpen(key: string, nowMs: number): boolean {
    const tally = this.#tallies.get(key);
    return tally !== undefined && nowMs < tally.dueMs;
  }

  #isFull(drafts: number): boolean {
    if (this.#tallies.size + drafts < this.#talliesMax) return false;
    if (this.#mayForget) this.#forget();
    return this.#tallies.size + drafts >= this.#talliesMax;
  }

  /** Makes room by forgetting old texts that were not repeated: they would be stored once more. */
  #forget(): void {
    let left = Math.ceil(this.#talliesMax * FORGET_SHARE);
    for (const [key, { records }] of this.#tallies) {
      if (records > 0) continue;
      this.#tallies.delete(key);
      left -= 1;
      if (left === 0) return;
    }
    this.#mayForget = false;
  }

  #commit(batch: RecordBatch, drafts: ReadonlyMap<string, Draft>, nowMs: number, at: string): void {
    for (const [key, draft] of drafts) {
      const { records, lastRow } = draft;
      this.#leftOut += records;
      if (records > 0) {
        this.#lastAt = at;
        this.#example = sampleOf(batch, lastRow).body.slice(0, EXAMPLE_CHARS);
      }
      if (this.rule.do !== 'drop') this.#add(batch, key, draft, nowMs);
    }
  }

  #add(batch: RecordBatch, key: string, draft: Draft, nowMs: number): void {
    const lastNs = momentOf(batch, draft.lastRow);
    const open = this.#tallies.get(key);
    const sample = draft.records === 0 ? undefined : sampleOf(batch, draft.firstRow);
    if (open !== undefined) {
      open.sample ??= sample;
      open.records += draft.records;
      open.lastNs = lastNs;
      return;
    }
    this.#tallies.set(key, {
      sample,
      dueMs: nowMs + this.#spanMs(),
      records: draft.records,
      firstNs: momentOf(batch, draft.firstRow),
      lastNs,
    });
  }

  #spanMs(): number {
    switch (this.rule.do) {
      case 'count':
        return this.rule.everyMs;
      case 'dedupe':
        return this.rule.windowMs;
      case 'drop':
        return 0;
      default:
        return assertUnreachable(this.rule);
    }
  }

  /** Whether something is remembered that will be over one day. */
  get isWaiting(): boolean {
    return this.#tallies.size > 0;
  }

  /** Takes out what is over, oldest first; what had no repeats needs no telling. */
  takeDue(nowMs: number): readonly Tally[] {
    const due: Tally[] = [];
    for (const [key, tally] of this.#tallies) {
      // They are opened one after the other and last equally long.
      if (tally.dueMs > nowMs) break;
      this.#tallies.delete(key);
      if (tally.records > 0) due.push(tally);
    }
    return due;
  }

  /** One more record stands for what was left out. */
  wrote(): void {
    this.#written += 1;
  }

  status(): RuleStatus {
    return {
      name: this.rule.name,
      do: this.rule.do,
      leftOut: this.#leftOut,
      written: this.#written,
      ...(this.#lastAt === undefined ? {} : { lastAt: this.#lastAt }),
      ...(this.#example === undefined ? {} : { example: this.#example }),
    };
  }
}
