import { NO_OVERLAY, type ClockOverlay } from '../../../model/evidence/clock-overlay.ts';
import type { ClockPair } from '../../../model/evidence/clock-pair.ts';
import type { EvidenceSummary } from '../../../model/evidence/evidence-summary.ts';
import { KIND_INDEX, type RecordBatch } from '../../../model/record/record-batch.ts';
import { SEVERITY } from '../../../model/record/severity.ts';
import { addressIn, attributeText, saysRefused } from './attribute-text.ts';
import { CallGraph } from './call-graph.ts';
import { EventLog } from './event-log.ts';
import { logKey, logSample } from './log-key.ts';
import { type ClockOffsets, durationsMs, recordTimes, type RecordTimes } from '../record-times.ts';
import { Presence } from './presence.ts';
import type { SeenDependencies } from './seen-dependencies.ts';
import { stampingClocks } from './stamping-clocks.ts';
import { COUNT, SeriesTable } from './series-table.ts';
import { summarize, type EvidenceWindow } from './summarize.ts';
import { TroubledTimes } from './troubled-times.ts';

/** Length and number of the time slices that are kept. */
export interface MemoryOptions {
  /** Milliseconds; windows are cut at slices. */
  readonly bucketMs: number;
  readonly buckets: number;
}

/**
 * Twenty minutes in slices of two seconds: long enough for a baseline before an incident that is
 * noticed late, fine enough that the first bad slice holds few good requests.
 */
const OPTIONS_DEFAULT: MemoryOptions = { bucketMs: 2_000, buckets: 600 };

/** A series costs 7 to 17 kB, so that all tables full take about 40 MB. */
const LOG_KEYS_MAX = 1_000;
const REFUSALS_MAX = 200;

/**
 * What diagnosis needs to know, counted as records go by: nobody has to query a store while it is
 * on fire. Deterministic and bounded; a restart forgets it.
 */
export class EvidenceMemory {
  readonly #bucketMs: number;
  readonly #presence: Presence;
  readonly #logs: SeriesTable;
  readonly #refusals: SeriesTable;
  readonly #graph: CallGraph;
  readonly #events = new EventLog();
  readonly #buckets: number;
  readonly #troubled: TroubledTimes;
  #forgotAt = 0;

  constructor(options: MemoryOptions = OPTIONS_DEFAULT) {
    const { bucketMs, buckets } = options;
    this.#troubled = new TroubledTimes(bucketMs);
    this.#bucketMs = bucketMs;
    this.#buckets = buckets;
    this.#presence = new Presence(buckets, this.#troubled);
    this.#logs = new SeriesTable(LOG_KEYS_MAX, buckets, 1);
    this.#refusals = new SeriesTable(REFUSALS_MAX, buckets, 1);
    this.#graph = new CallGraph(buckets);
  }

  /** Who needs whom, since this memory began. */
  get dependencies(): SeenDependencies {
    return this.#graph.seen;
  }

  /**
   * While frozen, nothing is learned as normal: set it while any trigger is pending or firing. What
   * went on then is left out of the baseline of later incidents.
   */
  freeze(isFrozen: boolean): void {
    this.#troubled.isNow = isFrozen;
  }

  /** Counts a batch that arrived at `nowNs`; one pass. */
  observe(batch: RecordBatch, nowNs: bigint, offsetOf: ClockOffsets = () => 0n): void {
    const times = recordTimes(batch, nowNs, offsetOf);
    let durations: Float64Array | undefined;
    this.#presence.begin(batch.dictionary);
    for (let row = 0; row < batch.rows; row += 1) {
      const name = batch.component[row] || batch.host[row] || 0;
      const ms = times.ms[row] ?? 0;
      const bucket = Math.floor(ms / this.#bucketMs);
      this.#presence.note(name, batch.clock[row] ?? 0, bucket, ms);
      const kind = batch.kind[row];
      if (kind === KIND_INDEX.span) {
        durations ??= durationsMs(batch);
        const durationMs = durations[row] ?? Number.NaN;
        const component = batch.dictionary[name] || 'unknown';
        this.#graph.observe({ batch, row, component, ms, bucket, durationMs }, this.#troubled);
      } else if (kind === KIND_INDEX.log || kind === KIND_INDEX.event) {
        this.#observeRecord(batch, row, name, times, bucket);
      } else if (kind === KIND_INDEX.packet) {
        this.#graph.seen.packet(batch.attributes[row] ?? '', ms);
      }
    }
    this.#presence.flush();
    const now = Math.floor(Number(nowNs) / 1e6 / this.#bucketMs);
    if (this.#troubled.isNow) this.#troubled.mark(now);
    this.#forget(now);
  }

  /** What is known about a window and the time before it, and how sure its times are. */
  summary(
    window: EvidenceWindow,
    overlay: ClockOverlay = NO_OVERLAY,
    clockPairs: readonly ClockPair[] = [],
  ): EvidenceSummary {
    return summarize(
      {
        clockPairs,
        clocks: stampingClocks(this.#presence.clocks, overlay, window),
        bucketMs: this.#bucketMs,
        presence: this.#presence.table,
        operations: this.#graph.operations,
        edges: this.#graph.edges,
        logs: this.#logs,
        refusals: this.#refusals,
        events: this.#events,
        troubled: this.#troubled,
        componentAt: (address) => this.#graph.componentAt(address),
      },
      window,
    );
  }

  #observeRecord(
    batch: RecordBatch,
    row: number,
    name: number,
    times: RecordTimes,
    bucket: number,
  ): void {
    const isError = (batch.severity[row] ?? 0) >= SEVERITY.error;
    const event = batch.eventName[row] ?? 0;
    if (!isError && event === 0) return;
    const component = batch.dictionary[name] || 'unknown';
    const attributes = batch.attributes[row] ?? '';
    const body = batch.body[row] ?? '';
    const eventName = batch.dictionary[event] ?? '';
    const ms = times.ms[row] ?? 0;
    if (event !== 0) {
      this.#events.note({ component, eventName, ms, body, attributes });
      this.#graph.seen.event(component, eventName, attributes, ms);
    }
    if (!isError) return;
    const type = attributeText(attributes, 'exception.type');
    const text = body || attributeText(attributes, 'exception.message') || eventName;
    const series = this.#logs.of(component, logKey(text, type));
    if (series !== undefined) {
      series.sample = logSample(text);
      series.ring.add(bucket, COUNT, 1, this.#troubled);
      series.ring.noteError(bucket, ms);
    }
    if (saysRefused(text)) this.#noteRefusal(component, text, bucket, ms);
  }

  #noteRefusal(component: string, text: string, bucket: number, ms: number): void {
    const address = addressIn(text);
    const refusal = address === undefined ? undefined : this.#refusals.of(component, address);
    refusal?.ring.add(bucket, COUNT, 1, this.#troubled);
    refusal?.ring.noteError(bucket, ms);
  }

  /** Once a ring's length, what was silent for two of them goes. */
  #forget(bucket: number): void {
    if (bucket - this.#forgotAt < this.#buckets) return;
    this.#forgotAt = bucket;
    const before = bucket - 2 * this.#buckets;
    this.#troubled.forgetBefore(before);
    for (const table of [this.#presence, this.#logs, this.#refusals]) table.forgetBefore(before);
    this.#graph.forgetBefore(before);
  }
}
