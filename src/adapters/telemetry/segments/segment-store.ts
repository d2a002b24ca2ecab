import { timeNs, toRfc3339 } from '../../../base/time.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { ClockOverlay } from '../../../model/evidence/clock-overlay.ts';
import type { SourceWatermark } from '../../../model/checkpoint/checkpoint.ts';
import type {
  RetentionPolicy,
  RetentionReport,
} from '../../../model/evidence/evidence-retention.ts';
import type { FeatureRow } from '../../../model/record/feature-row.ts';
import type { RecordBatch } from '../../../model/record/record-batch.ts';
import type { StoreStatus } from '../../../model/evidence/store-status.ts';
import type {
  DensityBucket,
  TimelineFilter,
  TimelinePage,
  TimelineQuery,
} from '../../../model/record/timeline-query.ts';
import type { AppendReceipt, BatchOrigin, TelemetryStore } from '../../../ports/telemetry-store.ts';
import { closedError, type AppendQueue } from './append-queue.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import {
  BUCKETS_MAX,
  checkedBucket,
  checkQuery,
  invalid,
  type CheckedQuery,
} from './check-query.ts';
import { writeCursor } from './cursor.ts';
import { planDensity } from './density-plan.ts';
import type { EngineResult } from './engine/engine-client.ts';
import type { Count, EngineCall, EngineCalls, FoundRecord } from './engine/protocol.ts';
import type { EngineKeeper } from './engine/engine-keeper.ts';
import { featureRows } from './feature-rows.ts';
import { Overlays } from './overlays.ts';
import type { KeptFiles } from './kept-files.ts';
import type { HotKeeper } from './hot-keeper.ts';
import { BATCH_ROWS_MAX } from './limits.ts';
import type { WriteAheadLog } from './log/write-ahead-log.ts';
import type { SegmentList } from './segment-list.ts';
import type { SetAside } from './set-aside.ts';
import type { SourceProgress } from './source-progress.ts';
import type { Readers } from './upkeep/readers.ts';
import type { Upkeep } from './upkeep/upkeep.ts';

/** What the store is made of; `open-segment-store.ts` puts it together. */
export interface StoreParts {
  readonly catalogue: Catalogue;
  readonly segments: SegmentList;
  readonly log: WriteAheadLog;
  readonly progress: SourceProgress;
  readonly hot: HotKeeper;
  readonly queue: AppendQueue;
  readonly engine: EngineKeeper;
  readonly keptFiles: KeptFiles;
  readonly setAside: SetAside;
  readonly readers: Readers;
  readonly upkeep: Upkeep;
}

/** The embedded telemetry store: log, hot table, sealed segments, catalogue. */
export class SegmentStore implements TelemetryStore {
  readonly #parts: StoreParts;
  readonly #overlays = new Overlays();
  #closed = false;

  constructor(parts: StoreParts) {
    this.#parts = parts;
  }

  async append(batch: RecordBatch, origin: BatchOrigin): Promise<Result<AppendReceipt>> {
    if (this.#closed) return err(closedError());
    if (batch.rows > BATCH_ROWS_MAX || batch.dictionary.length > 8 * BATCH_ROWS_MAX) {
      const size = `${batch.rows} rows, ${batch.dictionary.length} texts`;
      return err(lgError('LG_STORE_BATCH_INVALID', `a batch of ${origin.source} has ${size}`));
    }
    return await this.#parts.queue.append(batch, origin);
  }

  position(source: string): string | undefined {
    return this.#parts.progress.position(source);
  }

  async query(query: TimelineQuery): Promise<Result<TimelinePage>> {
    const checked = checkQuery(query);
    if (!checked.ok) return checked;
    return await this.#parts.readers.during(() => this.#find(checked.value));
  }

  align(overlay: ClockOverlay): void {
    this.#overlays.set(overlay);
  }

  async #find({ filter, order, limit, after }: CheckedQuery): Promise<Result<TimelinePage>> {
    const isArrival = order === 'arrival';
    const afterSeq = isArrival ? after?.seq : undefined;
    const pinned = after === undefined || isArrival ? undefined : after.version;
    const view = pinned === undefined ? this.#overlays.current : this.#overlays.of(pinned);
    if (view === undefined) {
      return invalid('cursor is of a page that is ordered anew by now; ask for the first page');
    }
    const { version } = view.overlay;
    const found = await this.#ask('find', () => {
      const { segments: list } = this.#parts;
      const segments = list.partsWith(filter.text, list.candidates(view.widened(filter), afterSeq));
      const overlay = view.corrected;
      // One more than asked for tells whether there is a next page.
      return { filter, order, after, limit: limit + 1, segments, overlay };
    });
    if (!found.ok) return found;
    const page = found.value.slice(0, limit);
    const records = page.map((each) => view.print(each));
    const last: FoundRecord | undefined = page.at(-1);
    if (isArrival) {
      const place = last ?? after ?? { moment: 0n, seq: 0 };
      return ok({ records, nextCursor: writeCursor(order, { ...place, version }) });
    }
    if (last === undefined || found.value.length <= limit) return ok({ records });
    return ok({ records, nextCursor: writeCursor(order, { ...last, version }) });
  }

  async density(
    filter: TimelineFilter,
    bucketMs: number,
  ): Promise<Result<readonly DensityBucket[]>> {
    const checked = checkedBucket(filter, bucketMs);
    if (!checked.ok) return checked;
    const bucketNs = checked.value;
    return await this.#parts.readers.during(() => this.#count(filter, bucketNs));
  }

  async #count(
    filter: TimelineFilter,
    bucketNs: bigint,
  ): Promise<Result<readonly DensityBucket[]>> {
    const sums = new Map<string, Count>();
    const add = (counts: readonly Count[]): void => {
      for (const count of counts) {
        const key = `${count.start}/${count.severity}`;
        sums.set(key, { ...count, count: (sums.get(key)?.count ?? 0) + count.count });
      }
    };
    const plan = planDensity(this.#parts.segments, filter, bucketNs, this.#overlays.current);
    add(plan.known);
    for (const request of plan.toCount) {
      const counted = await this.#ask('count', () => ({
        ...request,
        segments: request.segments.filter(({ id }) => this.#parts.segments.isReadable(id)),
      }));
      if (!counted.ok) return counted;
      add(counted.value);
    }
    return printCounts([...sums.values()]);
  }

  async features(filter: TimelineFilter, bucketMs: number): Promise<Result<readonly FeatureRow[]>> {
    const bucketNs = checkedBucket(filter, bucketMs);
    if (!bucketNs.ok) return bucketNs;
    const { segments: list } = this.#parts;
    const view = this.#overlays.current;
    const cells = await this.#ask('features', () => {
      const segments = list.partsWith(filter.text, list.candidates(view.widened(filter)));
      return { filter, bucketNs: bucketNs.value, segments, overlay: view.corrected };
    });
    return cells.ok ? ok(featureRows(cells.value)) : cells;
  }

  watermarks(): readonly SourceWatermark[] {
    return this.#parts.progress.watermarks();
  }

  status(): Promise<StoreStatus> {
    const { segments, log, hot, setAside, upkeep } = this.#parts;
    const live = segments.all.map(({ facts }) => facts);
    const sealed = live.reduce((sum, { rows }) => sum + rows, 0);
    return Promise.resolve({
      records: sealed + hot.rows,
      hotRecords: hot.rows,
      segments: live.length,
      segmentBytes: live.reduce((sum, { bytes }) => sum + bytes, 0),
      logBytes: log.bytes,
      quarantined: setAside.list,
      held: upkeep.held,
      watermarks: this.watermarks(),
    });
  }

  async seal(): Promise<Result<void>> {
    return this.#closed ? err(closedError()) : await this.#parts.hot.seal();
  }

  async retain(policy: RetentionPolicy): Promise<Result<RetentionReport>> {
    return this.#closed ? err(closedError()) : await this.#parts.upkeep.retain(policy);
  }

  async tidy(): Promise<Result<boolean>> {
    return this.#closed ? err(closedError()) : await this.#parts.upkeep.tidy();
  }

  async keepFiles(limitMs: number): Promise<Result<() => void>> {
    if (this.#closed) return err(closedError());
    const release = this.#parts.keptFiles.keep(limitMs);
    // What was being removed or trimmed when we came is let finish first.
    const { upkeep, log } = this.#parts;
    await Promise.all([upkeep.settled(), log.alone(() => Promise.resolve())]);
    return ok(release);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#parts.upkeep.close();
    await this.#parts.queue.idle();
    await this.#parts.hot.close();
    await this.#parts.engine.close();
    await this.#parts.log.close();
    this.#parts.catalogue.close();
  }

  /** Asks the engine; a segment found damaged is set aside and the rest is asked again. */
  async #ask<Call extends EngineCall>(
    call: Call,
    input: () => EngineCalls[Call]['in'],
  ): Promise<Result<EngineCalls[Call]['out']>> {
    for (;;) {
      if (this.#closed) return err(closedError());
      const answer: EngineResult<Call> = await this.#parts.engine.ask(call, input());
      if (answer.ok || answer.damaged === undefined) return answer;
      // Each turn takes one segment away, so this ends.
      if (this.#parts.segments.get(answer.damaged) === undefined) return answer;
      await this.#parts.setAside.add(answer.damaged, answer.error.detail);
    }
  }
}

function printCounts(counts: readonly Count[]): Result<readonly DensityBucket[]> {
  const sorted = counts.toSorted((a, b) =>
    a.start === b.start ? a.severity - b.severity : a.start < b.start ? -1 : 1,
  );
  const buckets = new Set(sorted.map(({ start }) => start)).size;
  if (buckets > BUCKETS_MAX) return invalid(`${buckets} buckets, at most ${BUCKETS_MAX}`);
  return ok(
    sorted.map(({ start, severity, count }) => ({
      time: toRfc3339(timeNs(start)),
      severity,
      count,
    })),
  );
}
