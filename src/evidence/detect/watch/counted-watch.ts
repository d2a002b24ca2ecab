import { assertUnreachable } from '../../../base/assert.ts';
import { formatDuration, timeNs, toRfc3339 } from '../../../base/time.ts';
import type { TriggerState } from '../../../model/incident/trigger.ts';
import {
  type CountedRule,
  isClear,
  isOver,
  LANE,
  lanesOf,
  limitText,
  seenBy,
  valueOf,
} from './reading.ts';
import type { RecordTimes } from '../record-times.ts';
import type { SignalSink } from './signal-sink.ts';
import { SlidingHistogram } from './sliding-histogram.ts';
import { SlidingWindow } from './sliding-window.ts';

/** OpenTelemetry SDKs send spans at most this much later than they ended, by default. */
const LATE_MS_MAX = 5_000;

/** A component that said nothing for this long, or for the window if longer, gives no data. */
const SILENT_MS = 60_000;

/**
 * One counted rule on one component: counts records into a sliding window of aligned time and
 * turns from quiet over pending to firing and back. It fires with the very record that passes the
 * limit; it clears, and `for` passes, in steps of a sub-bucket. How records are split into calls
 * makes no difference.
 */
export class CountedWatch {
  readonly rule: CountedRule;
  readonly component: string;
  readonly #window: SlidingWindow;
  readonly #histogram: SlidingHistogram | undefined;
  readonly #lateMs: number;
  #phase: 'quiet' | 'pending' | 'firing' = 'quiet';
  #sinceNs: bigint | undefined;
  #pendingHead = 0;
  #firstBadNs: bigint | undefined;
  /** End of the newest sub-bucket: a record before it needs no step. */
  #endMs = Number.NEGATIVE_INFINITY;
  #late = 0;

  constructor(rule: CountedRule, component: string) {
    this.rule = rule;
    this.component = component;
    this.#window = new SlidingWindow(rule.windowMs, lanesOf(rule));
    this.#lateMs = Math.min(LATE_MS_MAX, rule.windowMs / 2);
    this.#histogram =
      rule.signal === 'span-latency' ? new SlidingHistogram(this.#window.slots) : undefined;
  }

  get isTroubled(): boolean {
    return this.#phase !== 'quiet';
  }

  get isQuiet(): boolean {
    return this.#phase === 'quiet' && this.#window.isEmpty;
  }

  /**
   * Lets time pass: the window ends no earlier than now less the time records may be late, so it
   * empties when nothing arrives any more.
   */
  pass(sink: SignalSink): void {
    this.#moveTo(Number(sink.nowNs) / 1e6 - this.#lateMs, sink);
  }

  /** Counts a log record or an event; a good one only moves the window on. */
  countRecord(times: RecordTimes, row: number, isBad: boolean, sink: SignalSink): void {
    const ms = times.ms[row] ?? 0;
    if (ms >= this.#endMs) this.#moveTo(ms, sink);
    if (!isBad) return;
    const index = this.#place(ms);
    if (index === undefined) return;
    this.#addBad(index, ms, times, row);
    if (this.#phase !== 'firing') this.#judge(sink);
  }

  /** Counts a span at its end: that is when it is sent, so a long one is not too late. */
  countSpan(
    times: RecordTimes,
    row: number,
    span: { readonly isError: boolean; readonly durationMs: number },
    sink: SignalSink,
  ): void {
    const { rule } = this;
    const startMs = times.ms[row] ?? 0;
    const hasDuration = !Number.isNaN(span.durationMs);
    const isLatency = rule.signal === 'span-latency';
    if (isLatency && !hasDuration) return;
    const endMs = hasDuration ? startMs + span.durationMs : startMs;
    const ms = Math.min(endMs, Number(sink.nowNs) / 1e6);
    if (ms >= this.#endMs) this.#moveTo(ms, sink);
    const index = this.#place(ms);
    if (index === undefined) return;
    this.#window.add(index, LANE.all, 1);
    if (isLatency) this.#histogram?.add(index, span.durationMs);
    if (isLatency && span.durationMs > rule.clearAt) this.#window.add(index, LANE.notClear, 1);
    if (isLatency ? span.durationMs > rule.above : span.isError) {
      this.#addBad(index, startMs, times, row);
    }
    if (this.#phase !== 'firing') this.#judge(sink);
  }

  /** What the trigger sees. `heardMs`: time of the component's newest record of any kind. */
  state(heardMs: number | undefined, nowMs: number): TriggerState {
    const { rule, component } = this;
    const value = valueOf(rule, this.#counts());
    const isSilent = heardMs === undefined || nowMs - heardMs > Math.max(SILENT_MS, rule.windowMs);
    const hasNoData = this.#phase === 'quiet' && (isSilent || value === undefined);
    return {
      name: rule.name,
      signal: rule.signal,
      component,
      ...(hasNoData || value === undefined ? {} : { value }),
      limit: rule.above,
      state: hasNoData ? 'no-data' : this.#phase,
      ...(this.#sinceNs === undefined ? {} : { since: toRfc3339(timeNs(this.#sinceNs)) }),
      explanation: hasNoData ? this.#silence(heardMs) : this.#explanation(),
    };
  }

  #silence(heardMs: number | undefined): string {
    if (heardMs === undefined) return `nothing of ${this.component} has arrived yet`;
    const last = toRfc3339(timeNs(BigInt(Math.round(heardMs)) * 1_000_000n));
    const seen = `nothing it reads of ${this.component} arrived lately`;
    return `${seen}; its last record of any kind came at ${last}${this.#lateness()}`;
  }

  #explanation(): string {
    const { rule } = this;
    const seen = seenBy(rule, this.component, this.#counts());
    const late = this.#lateness();
    switch (this.#phase) {
      case 'firing':
        return `fires: ${seen}; clears at ${limitText(rule, rule.clearAt)} or less${late}`;
      case 'pending':
        return `over its limit, fires once held for ${formatDuration(rule.forMs)}: ${seen}${late}`;
      case 'quiet':
        return `quiet: ${seen}; fires above ${this.#limit('above')}${this.#tooFew()}${late}`;
      default:
        return assertUnreachable(this.#phase);
    }
  }

  #lateness(): string {
    return this.#late === 0 ? '' : `; ${this.#late} records came too late for the window`;
  }

  #tooFew(): string {
    const { rule } = this;
    if (rule.signal !== 'error-ratio' && rule.signal !== 'span-latency') return '';
    return ` among at least ${rule.minCount} spans`;
  }

  #counts(): { readonly window: SlidingWindow; readonly histogram: SlidingHistogram | undefined } {
    return { window: this.#window, histogram: this.#histogram };
  }

  /** The sub-bucket of an instant, or undefined when it has left the window. */
  #place(ms: number): number | undefined {
    const index = this.#window.indexOf(ms);
    if (this.#window.holds(index)) return index;
    this.#late += 1;
    return undefined;
  }

  #addBad(index: number, ms: number, times: RecordTimes, row: number): void {
    this.#window.add(index, LANE.bad, 1);
    if (this.#window.isFirst(index, ms)) this.#window.setFirst(index, ms, times.exactNs(row));
  }

  #moveTo(ms: number, sink: SignalSink): void {
    const target = this.#window.indexOf(ms);
    while (this.#window.stepTowards(target)) this.#judge(sink);
    this.#endMs = ((this.#window.head ?? target) + 1) * this.#window.widthMs;
  }

  #judge(sink: SignalSink): void {
    if (this.#phase === 'firing') {
      if (isClear(this.rule, this.#window)) this.#clear(sink);
      return;
    }
    if (!isOver(this.rule, this.#window)) {
      this.#phase = 'quiet';
      if (this.#firstBadNs !== undefined) this.#sinceNs = sink.nowNs;
      this.#firstBadNs = undefined;
      return;
    }
    const head = this.#window.head ?? 0;
    if (this.#phase === 'quiet') {
      this.#phase = 'pending';
      this.#sinceNs = sink.nowNs;
      this.#pendingHead = head;
      this.#firstBadNs = this.#window.onsetNs(LANE.bad) ?? sink.nowNs;
    }
    if ((head - this.#pendingHead) * this.#window.widthMs >= this.rule.forMs) this.#fire(sink);
  }

  #fire(sink: SignalSink): void {
    this.#phase = 'firing';
    this.#sinceNs = sink.nowNs;
    const seen = seenBy(this.rule, this.component, this.#counts());
    const held = this.rule.forMs === 0 ? '' : ` for ${formatDuration(this.rule.forMs)}`;
    this.#turn('raised', this.rule.above, `${seen}, above ${this.#limit('above')}${held}`, sink);
  }

  #clear(sink: SignalSink): void {
    this.#phase = 'quiet';
    this.#sinceNs = sink.nowNs;
    const seen = seenBy(this.rule, this.component, this.#counts());
    this.#turn(
      'cleared',
      this.rule.clearAt,
      `${seen}, at or under ${this.#limit('clearAt')}`,
      sink,
    );
    this.#firstBadNs = undefined;
  }

  #limit(which: 'above' | 'clearAt'): string {
    return limitText(this.rule, this.rule[which]);
  }

  #turn(phase: 'raised' | 'cleared', limit: number, reason: string, sink: SignalSink): void {
    sink.turn({
      phase,
      rule: this.rule,
      component: this.component,
      firstBadNs: this.#firstBadNs ?? sink.nowNs,
      value: valueOf(this.rule, this.#counts()) ?? 0,
      limit,
      reason,
    });
  }
}
