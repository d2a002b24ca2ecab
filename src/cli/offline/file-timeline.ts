import { lgError } from '../../model/errors/lg-error.ts';
import type { ClockOverlay } from '../../model/evidence/clock-overlay.ts';
import { batchRecord } from '../../model/record/batch-records.ts';
import type { RecordBatch } from '../../model/record/record-batch.ts';
import { selectRows } from '../../model/record/select-rows.ts';
import type { TimelineFilter } from '../../model/record/timeline-query.ts';
import type { TimelineRecord } from '../../model/record/timeline-record.ts';
import { alignedNs } from './align-files.ts';
import { rowsThatFit } from './row-filter.ts';

/** Records are held as columns, about half a kilobyte each: a gigabyte of them. */
const RECORDS_MAX = 2_000_000;

/** Records of files in the order in which things happened; nothing is stored anywhere. */
export class FileTimeline {
  readonly #filter: TimelineFilter;
  readonly #batches: RecordBatch[] = [];
  #rows = 0;

  constructor(filter: TimelineFilter) {
    this.#filter = filter;
  }

  /** Takes a batch; LG_RUNTIME_USAGE once more fits than can be held. */
  add(batch: RecordBatch): void {
    const rows = rowsThatFit(batch, this.#filter);
    if (rows.length === 0) return;
    this.#rows += rows.length;
    if (this.#rows > RECORDS_MAX) {
      const detail =
        `more than ${RECORDS_MAX} records fit; name fewer files, or narrow them by ` +
        '--component, --severity, --kind or --text';
      throw lgError('LG_RUNTIME_USAGE', detail);
    }
    this.#batches.push(rows.length === batch.rows ? batch : selectRows(batch, rows));
  }

  /** The records that fit, oldest first, the newest `limit` of them where there is one. */
  *records(overlay: ClockOverlay, limit?: number): Generator<TimelineRecord> {
    const rows = this.#inOrder(overlay);
    const first = limit === undefined ? 0 : Math.max(0, rows.length - limit);
    for (let at = first; at < rows.length; at += 1) {
      const { batch, row } = rows[at] ?? { batch: undefined, row: 0 };
      if (batch !== undefined) yield batchRecord(batch, row, at, overlay);
    }
  }

  /** Equal times keep the order of their file, and files the order they were named in. */
  #inOrder(overlay: ClockOverlay): readonly { batch: RecordBatch; row: number; at: bigint }[] {
    const { from, to } = this.#filter;
    const rows = this.#batches.flatMap((batch) =>
      Array.from({ length: batch.rows }, (_, row) => ({
        batch,
        row,
        at: alignedNs(batch, row, overlay),
      })),
    );
    return rows
      .filter(({ at }) => (from === undefined || at >= from) && (to === undefined || at < to))
      .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  }
}
