import { assertUnreachable } from '../../../base/assert.ts';
import { formatDuration } from '../../../base/time.ts';
import { severityName } from '../../../model/record/severity.ts';
import type { TriggerRule } from '../../../model/incident/trigger.ts';
import type { SlidingHistogram } from './sliding-histogram.ts';
import type { SlidingWindow } from './sliding-window.ts';

/** A rule over counts in a sliding window: every signal but `alert`. */
export type CountedRule = Exclude<TriggerRule, { readonly signal: 'alert' }>;

/** What a rule counts, by lane of its window. */
export const LANE = {
  /** Records that speak against the component; the only lane of rates and events. */
  bad: 0,
  /** All records that were judged (spans). */
  all: 1,
  /** Spans longer than the limit at which a latency trigger clears. */
  notClear: 2,
} as const;

/** Lanes a rule's window needs. */
export function lanesOf(rule: CountedRule): number {
  if (rule.signal === 'span-latency') return 3;
  return rule.signal === 'error-ratio' ? 2 : 1;
}

/** What a rule's window and, for latencies, histogram hold now. */
export interface Counts {
  readonly window: SlidingWindow;
  readonly histogram: SlidingHistogram | undefined;
}

/** The value that is compared with the limit; undefined when there is nothing to judge. */
export function valueOf(rule: CountedRule, counts: Counts): number | undefined {
  const bad = counts.window.sum(LANE.bad);
  const all = counts.window.sum(LANE.all);
  switch (rule.signal) {
    case 'log-rate':
      return bad / (rule.windowMs / 1000);
    case 'error-ratio':
      return all === 0 ? undefined : bad / all;
    case 'event':
      return bad;
    case 'span-latency':
      return latencyOf(rule, counts);
    default:
      return assertUnreachable(rule);
  }
}

/**
 * The histogram's quantile is up to 3.1 % off; firing is decided by exact counts, so the value is
 * kept on the side of the limit where the exact one lies.
 */
function latencyOf(
  rule: Extract<CountedRule, { readonly signal: 'span-latency' }>,
  counts: Counts,
): number | undefined {
  const about = counts.histogram?.quantile(counts.window.head ?? 0, rule.quantile);
  if (about === undefined) return undefined;
  return exceeds(counts.window, LANE.bad, rule.quantile)
    ? Math.max(about, rule.above)
    : Math.min(about, rule.above);
}

/** Whether the rule's condition holds. */
export function isOver(rule: CountedRule, window: SlidingWindow): boolean {
  const bad = window.sum(LANE.bad);
  switch (rule.signal) {
    case 'log-rate':
      return bad / (rule.windowMs / 1000) > rule.above;
    case 'event':
      return bad > rule.above;
    case 'error-ratio':
      return isEnough(rule.minCount, window) && bad / window.sum(LANE.all) > rule.above;
    case 'span-latency':
      return isEnough(rule.minCount, window) && exceeds(window, LANE.bad, rule.quantile);
    default:
      return assertUnreachable(rule);
  }
}

/**
 * Whether a firing rule may clear. Too few spans to judge are no proof of health: a ratio or a
 * latency stays firing until enough good ones were seen.
 */
export function isClear(rule: CountedRule, window: SlidingWindow): boolean {
  const bad = window.sum(LANE.bad);
  switch (rule.signal) {
    case 'log-rate':
      return bad / (rule.windowMs / 1000) <= rule.clearAt;
    case 'event':
      return bad <= rule.clearAt;
    case 'error-ratio':
      return isEnough(rule.minCount, window) && bad / window.sum(LANE.all) <= rule.clearAt;
    case 'span-latency':
      return isEnough(rule.minCount, window) && !exceeds(window, LANE.notClear, rule.quantile);
    default:
      return assertUnreachable(rule);
  }
}

function isEnough(minCount: number, window: SlidingWindow): boolean {
  return window.sum(LANE.all) >= Math.max(1, minCount);
}

/** Whether the nearest-rank quantile lies among the spans counted in `lane`. Exact. */
function exceeds(window: SlidingWindow, lane: number, quantile: number): boolean {
  const all = window.sum(LANE.all);
  return all > 0 && all - window.sum(lane) < Math.max(1, Math.ceil(quantile * all));
}

/** What was seen, as the beginning of a sentence: `checkout wrote 34 records of … in 10s`. */
export function seenBy(rule: CountedRule, component: string, counts: Counts): string {
  const bad = counts.window.sum(LANE.bad);
  const all = counts.window.sum(LANE.all);
  const span = formatDuration(rule.windowMs);
  const value = valueOf(rule, counts);
  switch (rule.signal) {
    case 'log-rate': {
      const severity = severityName(rule.minSeverity) || 'any severity';
      const rate = `${short(value)}/s`;
      return `${component} wrote ${bad} records of ${severity} or above in ${span} (${rate})`;
    }
    case 'error-ratio':
      return `${bad} of ${all} spans of ${component} failed in ${span} (${percent(value)})`;
    case 'event':
      return `${rule.event} occurred ${bad} times on ${component} in ${span}`;
    case 'span-latency':
      return (
        `the ${percent(rule.quantile)} quantile of ${all} span durations of ${component} in ` +
        `${span} is about ${short(value)} ms ` +
        `(${bad} took longer than ${short(rule.above)} ms)`
      );
    default:
      return assertUnreachable(rule);
  }
}

/** A limit of a rule in its own unit: `2/s`, `5 %`, `500 ms`, `1`. */
export function limitText(rule: CountedRule, limit: number): string {
  switch (rule.signal) {
    case 'log-rate':
      return `${short(limit)}/s`;
    case 'error-ratio':
      return percent(limit);
    case 'event':
      return short(limit);
    case 'span-latency':
      return `${short(limit)} ms`;
    default:
      return assertUnreachable(rule);
  }
}

function percent(share: number | undefined): string {
  return share === undefined ? 'nothing' : `${short(share * 100)} %`;
}

/** At most three digits that matter, without an exponent. */
function short(value: number | undefined): string {
  if (value === undefined) return 'nothing';
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
