import { err, ok, type Result } from '../base/result.ts';
import { timeNs, type TimeNs } from '../base/time.ts';
import type { ErrorCode } from '../model/errors/catalogue.ts';
import { lgError } from '../model/errors/lg-error.ts';
import { ABSENT_NS, type RecordBatch } from '../model/record/record-batch.ts';
import { RECORD_KINDS, type RecordKind } from '../model/record/timeline-record.ts';
import type { AppendReceipt, BatchOrigin, TelemetryStore } from '../ports/telemetry-store.ts';

/** One stored row, as far as tests of sources look at it. */
export interface StoredRow {
  readonly source: string;
  readonly sender: string;
  readonly kind: RecordKind;
  readonly time: TimeNs | undefined;
  readonly observedNs: bigint;
  readonly severity: number;
  readonly component: string;
  readonly host: string;
  readonly service: string;
  readonly eventName: string;
  readonly body: string;
  readonly attributes: string;
  readonly resource: string;
  readonly position: string;
  readonly uid: string;
}

/**
 * The receiving half of a telemetry store, in memory: all rows of a batch and its position are kept
 * together or not at all, and repeats of `log.record.uid` of a sender are left out, as the port
 * says. It outlives the sources of a test as a disk outlives a process.
 */
export class MemoryTelemetryStore implements Pick<TelemetryStore, 'append' | 'position'> {
  readonly rows: StoredRow[] = [];
  readonly #positions = new Map<string, string>();
  readonly #uids = new Set<string>();
  #waiting: { readonly rows: number; readonly resolve: () => void }[] = [];
  #refusals = 0;
  #refusal: ErrorCode = 'LG_STORE_DISK_FULL';
  #refused = 0;

  /** Refuses the next appends, as a full disk does, or with another error of the store. */
  refuse(appends: number, code: ErrorCode = 'LG_STORE_DISK_FULL'): void {
    this.#refusals = appends;
    this.#refusal = code;
  }

  /** How many appends were refused. */
  get refused(): number {
    return this.#refused;
  }

  append(batch: RecordBatch, origin: BatchOrigin): Promise<Result<AppendReceipt>> {
    if (this.#refusals > 0) {
      this.#refusals -= 1;
      this.#refused += 1;
      return Promise.resolve(err(lgError(this.#refusal, 'the disk of the test')));
    }
    let repeated = 0;
    for (let row = 0; row < batch.rows; row += 1) {
      const stored = rowOf(batch, row, origin);
      const uid = `${origin.sender}\n${stored.uid}`;
      if (stored.uid !== '' && this.#uids.has(uid)) {
        repeated += 1;
        continue;
      }
      this.#uids.add(uid);
      this.rows.push(stored);
    }
    if (origin.position !== undefined) this.#positions.set(origin.source, origin.position);
    for (const { rows, resolve } of this.#waiting) if (this.rows.length >= rows) resolve();
    this.#waiting = this.#waiting.filter(({ rows }) => this.rows.length < rows);
    return Promise.resolve(ok({ stored: batch.rows - repeated, repeated }));
  }

  position(source: string): string | undefined {
    return this.#positions.get(source);
  }

  /** Resolves once that many rows are stored. */
  hold(rows: number): Promise<void> {
    if (this.rows.length >= rows) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ rows, resolve });
    });
  }
}

function rowOf(batch: RecordBatch, row: number, origin: BatchOrigin): StoredRow {
  const word = (column: Uint32Array): string => batch.dictionary[column[row] ?? 0] ?? '';
  const time = batch.timeNs[row] ?? ABSENT_NS;
  return {
    source: word(batch.source),
    sender: origin.sender,
    kind: RECORD_KINDS[batch.kind[row] ?? 0] ?? 'log',
    time: time === ABSENT_NS ? undefined : timeNs(time),
    observedNs: batch.observedNs[row] ?? 0n,
    severity: batch.severity[row] ?? 0,
    component: word(batch.component),
    host: word(batch.host),
    service: word(batch.service),
    eventName: word(batch.eventName),
    body: batch.body[row] ?? '',
    attributes: batch.attributes[row] ?? '',
    resource: word(batch.resource),
    position: batch.position[row] ?? '',
    uid: batch.uid[row] ?? '',
  };
}
