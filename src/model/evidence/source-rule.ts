import type { RecordKind } from '../record/timeline-record.ts';

/** What records a rule is about: all that is named must be so. */
export interface RuleMatch {
  /** Stands in the body, letter for letter. */
  readonly text?: string;
  readonly component?: string;
  readonly host?: string;
  readonly eventName?: string;
  readonly kind?: RecordKind;
  /** Attributes of the record with exactly these values. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  /** Attributes of its resource. */
  readonly resource?: Readonly<Record<string, string | number | boolean>>;
  /** OTel severity numbers, both inclusive. */
  readonly minSeverity: number;
  readonly maxSeverity: number;
}

/**
 * What shall not be stored one by one of what a source brings. `drop` leaves records out; `count`
 * puts one record an interval and component in their place; `dedupe` keeps the first of equal
 * records and puts one in the place of those that follow within the window.
 */
export type SourceRule = { readonly name: string; readonly match: RuleMatch } & (
  | { readonly do: 'drop' }
  | { readonly do: 'count'; readonly everyMs: number }
  | { readonly do: 'dedupe'; readonly windowMs: number }
);

/** What a rule has done since the source began. */
export interface RuleStatus {
  readonly name: string;
  readonly do: SourceRule['do'];
  /** Records that were not stored because of it. */
  readonly leftOut: number;
  /** Records that were written in their place. */
  readonly written: number;
  readonly lastAt?: string;
  /** The beginning of the newest body that was left out. */
  readonly example?: string;
}
