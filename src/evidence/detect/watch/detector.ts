import { type RecordBatch, KIND_INDEX } from '../../../model/record/record-batch.ts';
import { SEVERITY } from '../../../model/record/severity.ts';
import type { Signal } from '../../../model/incident/signal.ts';
import type { TriggerRule, TriggerState } from '../../../model/incident/trigger.ts';
import { readAlert } from './read-alert.ts';
import { type ClockOffsets, durationsMs, recordTimes, type RecordTimes } from '../record-times.ts';
import { SignalSink } from './signal-sink.ts';
import { WatchTable, type Watches } from './watch-table.ts';

/**
 * Turns records into signals by rules. It reads each batch once, as columns, and asks nobody: what
 * it knows is what went by. It is deterministic: equal calls give equal signals, with equal ids.
 */
export interface Detector {
  /**
   * Counts a batch that arrived at `nowNs` and answers what fired or cleared by it. `offsetOf`
   * says what a clock is ahead of ours; without it every clock is taken as right.
   */
  observe(batch: RecordBatch, nowNs: bigint, offsetOf?: ClockOffsets): readonly Signal[];
  /** Lets time pass without records; call it about every 250 ms. Answers what fired or cleared. */
  tick(nowNs: bigint): readonly Signal[];
  /** Whether any trigger is pending or firing: then `EvidenceMemory` must learn nothing. Cheap. */
  isTroubled(): boolean;
  /** Every rule on every component it was seen on, in the order of the rules. */
  states(nowNs: bigint): readonly TriggerState[];
  /** The states of one rule; undefined when there is no such rule. */
  explain(name: string, nowNs: bigint): readonly TriggerState[] | undefined;
}

const NO_OFFSET: ClockOffsets = () => 0n;

/** Makes the detector of a set of rules. */
export function createDetector(rules: readonly TriggerRule[]): Detector {
  const table = new WatchTable(rules);
  return {
    observe(batch, nowNs, offsetOf = NO_OFFSET) {
      const sink = new SignalSink(nowNs);
      observeBatch(table, batch, recordTimes(batch, nowNs, offsetOf), sink);
      return sink.signals;
    },
    tick(nowNs) {
      const sink = new SignalSink(nowNs);
      for (const watch of table.all()) watch.pass(sink);
      return sink.signals;
    },
    isTroubled: () => table.isTroubled,
    states: (nowNs) => rules.flatMap((rule) => table.statesOf(rule, Number(nowNs) / 1e6)),
    explain(name, nowNs) {
      const rule = rules.find((candidate) => candidate.name === name);
      return rule === undefined ? undefined : table.statesOf(rule, Number(nowNs) / 1e6);
    },
  };
}

/** One pass over the rows; everything that depends on a dictionary entry is looked up once. */
function observeBatch(
  table: WatchTable,
  batch: RecordBatch,
  times: RecordTimes,
  sink: SignalSink,
): void {
  const nowMs = Number(sink.nowNs) / 1e6;
  const watchesBy: (Watches | undefined)[] = [];
  const isResolved = new Uint8Array(batch.dictionary.length);
  const durations = table.readsDurations ? durationsMs(batch) : undefined;
  for (let row = 0; row < batch.rows; row += 1) {
    const name = batch.component[row] || batch.host[row] || 0;
    if (isResolved[name] === 0) {
      isResolved[name] = 1;
      const watches = table.of(batch.dictionary[name] || 'unknown', nowMs);
      watchesBy[name] = watches;
      for (const watch of watches?.counted ?? []) watch.pass(sink);
    }
    const watches = watchesBy[name];
    if (watches === undefined) continue;
    const ms = times.ms[row] ?? 0;
    if (ms > watches.heardMs) watches.heardMs = ms;
    countRow(watches, batch, times, row, durations, sink);
  }
}

function countRow(
  watches: Watches,
  batch: RecordBatch,
  times: RecordTimes,
  row: number,
  durations: Float64Array | undefined,
  sink: SignalSink,
): void {
  const severity = batch.severity[row] ?? 0;
  switch (batch.kind[row]) {
    case KIND_INDEX.span: {
      const isError = severity >= SEVERITY.error;
      const span = { isError, durationMs: durations?.[row] ?? Number.NaN };
      for (const watch of watches.spans) watch.countSpan(times, row, span, sink);
      return;
    }
    case KIND_INDEX.log:
    case KIND_INDEX.event: {
      for (const { watch, minSeverity } of watches.logs) {
        watch.countRecord(times, row, severity >= minSeverity, sink);
      }
      if (watches.events.length === 0) return;
      const eventName = batch.dictionary[batch.eventName[row] ?? 0];
      for (const { watch, event } of watches.events) {
        watch.countRecord(times, row, event === eventName, sink);
      }
      return;
    }
    case KIND_INDEX.alert: {
      if (watches.alerts.length === 0) return;
      const alert = readAlert(batch.attributes[row] ?? '');
      if (alert === undefined) return;
      for (const watch of watches.alerts) watch.take(alert, times.exactNs(row), sink);
      return;
    }
    default:
      return;
  }
}
