import { RECORD_KINDS, type RecordKind } from '../../../model/record/timeline-record.ts';
import { ABSENT_NS, type RecordBatch } from '../../../model/record/record-batch.ts';

/** Enough of a body to recognize what was left out. */
export const SAMPLE_CHARS = 1024;

/** Who said what was left out, and the newest of it: what the record in its place is made of. */
export interface Sample {
  readonly kind: RecordKind;
  readonly severity: number;
  readonly severityText: string;
  readonly component: string;
  readonly host: string;
  readonly service: string;
  readonly resource: string;
  readonly clock: string;
  readonly body: string;
}

/** How many records of one kind were left out, since when and until when by their own time. */
export interface Tally {
  /** Absent while nothing was left out: most records are never repeated. */
  sample: Sample | undefined;
  /** Uptime at which its interval or window is over. */
  readonly dueMs: number;
  records: number;
  firstNs: bigint;
  lastNs: bigint;
}

/** What the record in the place of a row is made of. */
export function sampleOf(batch: RecordBatch, row: number): Sample {
  const word = (column: Uint32Array): string => batch.dictionary[column[row] ?? 0] ?? '';
  return {
    kind: RECORD_KINDS[batch.kind[row] ?? 0] ?? 'log',
    severity: batch.severity[row] ?? 0,
    severityText: word(batch.severityText),
    component: word(batch.component),
    host: word(batch.host),
    service: word(batch.service),
    resource: word(batch.resource),
    clock: word(batch.clock),
    body: (batch.body[row] ?? '').slice(0, SAMPLE_CHARS) || word(batch.eventName),
  };
}

/** When a row says that it happened, else when it was seen. */
export function momentOf(batch: RecordBatch, row: number): bigint {
  const own = batch.timeNs[row] ?? ABSENT_NS;
  return own === ABSENT_NS ? (batch.observedNs[row] ?? 0n) : own;
}
