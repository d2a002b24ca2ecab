import type { RecordBatch } from './record-batch.ts';

/** The batch with only these rows, in this order. The dictionary stays as it is. */
export function selectRows(batch: RecordBatch, rows: readonly number[]): RecordBatch {
  const bytes = (column: Uint8Array): Uint8Array =>
    Uint8Array.from(rows, (row) => column[row] ?? 0);
  const indexes = (column: Uint32Array): Uint32Array =>
    Uint32Array.from(rows, (row) => column[row] ?? 0);
  const signed = (column: BigInt64Array): BigInt64Array =>
    BigInt64Array.from(rows, (row) => column[row] ?? 0n);
  const unsigned = (column: BigUint64Array): BigUint64Array =>
    BigUint64Array.from(rows, (row) => column[row] ?? 0n);
  const texts = (column: readonly string[]): readonly string[] =>
    rows.map((row) => column[row] ?? '');
  return {
    rows: rows.length,
    dictionary: batch.dictionary,
    kind: bytes(batch.kind),
    severity: bytes(batch.severity),
    timeNs: signed(batch.timeNs),
    observedNs: signed(batch.observedNs),
    durationNs: signed(batch.durationNs),
    component: indexes(batch.component),
    host: indexes(batch.host),
    service: indexes(batch.service),
    severityText: indexes(batch.severityText),
    eventName: indexes(batch.eventName),
    resource: indexes(batch.resource),
    source: indexes(batch.source),
    clock: indexes(batch.clock),
    traceHigh: unsigned(batch.traceHigh),
    traceLow: unsigned(batch.traceLow),
    span: unsigned(batch.span),
    parentSpan: unsigned(batch.parentSpan),
    body: texts(batch.body),
    bodyIsJson: bytes(batch.bodyIsJson),
    attributes: texts(batch.attributes),
    position: texts(batch.position),
    uid: texts(batch.uid),
  };
}
