import { ABSENT_NS, type RecordBatch } from '../model/record/record-batch.ts';
import { RECORD_KINDS, type RecordKind } from '../model/record/timeline-record.ts';

/** One row of a batch with its texts looked up, as tests compare them. */
export interface PrintedRow {
  readonly kind: RecordKind;
  readonly severity: number;
  readonly time: bigint | undefined;
  readonly duration: bigint | undefined;
  readonly component: string;
  readonly host: string;
  readonly service: string;
  readonly severityText: string;
  readonly eventName: string;
  readonly resource: string;
  readonly clock: string;
  readonly trace: string;
  readonly span: string;
  readonly parentSpan: string;
  readonly body: string;
  readonly bodyIsJson: boolean;
  readonly attributes: string;
  readonly uid: string;
}

/** The rows of a batch. */
export function printRows(batch: RecordBatch): readonly PrintedRow[] {
  const word = (column: Uint32Array, row: number): string =>
    batch.dictionary[column[row] ?? 0] ?? '';
  const hex = (column: BigUint64Array, row: number): string =>
    (column[row] ?? 0n).toString(16).padStart(16, '0');
  const ns = (column: BigInt64Array, row: number): bigint | undefined =>
    column[row] === ABSENT_NS ? undefined : column[row];
  return Array.from({ length: batch.rows }, (_, row) => ({
    kind: RECORD_KINDS[batch.kind[row] ?? 0] ?? 'log',
    severity: batch.severity[row] ?? 0,
    time: ns(batch.timeNs, row),
    duration: ns(batch.durationNs, row),
    component: word(batch.component, row),
    host: word(batch.host, row),
    service: word(batch.service, row),
    severityText: word(batch.severityText, row),
    eventName: word(batch.eventName, row),
    resource: word(batch.resource, row),
    clock: word(batch.clock, row),
    trace: hex(batch.traceHigh, row) + hex(batch.traceLow, row),
    span: hex(batch.span, row),
    parentSpan: hex(batch.parentSpan, row),
    body: batch.body[row] ?? '',
    bodyIsJson: batch.bodyIsJson[row] === 1,
    attributes: batch.attributes[row] ?? '',
    uid: batch.uid[row] ?? '',
  }));
}
