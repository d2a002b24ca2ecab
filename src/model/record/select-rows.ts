import type { RecordBatch } from './record-batch.ts';

/** The batch with only these rows, in this order. The dictionary stays as it is. */
export function selectRows(batch: RecordBatch, rows: readonly number[]): RecordBatch {
  const bytes = (column: Uint8Array): Uint8Array => {
    const picked = new Uint8Array(rows.length);
    for (let at = 0; at < rows.length; at += 1) picked[at] = column[rows[at] ?? 0] ?? 0;
    return picked;
  };
  const indexes = (column: Uint32Array): Uint32Array => {
    const picked = new Uint32Array(rows.length);
    for (let at = 0; at < rows.length; at += 1) picked[at] = column[rows[at] ?? 0] ?? 0;
    return picked;
  };
  const texts = (column: readonly string[]): readonly string[] =>
    rows.map((row) => column[row] ?? '');
  return {
    rows: rows.length,
    dictionary: batch.dictionary,
    kind: bytes(batch.kind),
    severity: bytes(batch.severity),
    timeNs: new BigInt64Array(words(batch.timeNs, rows)),
    observedNs: new BigInt64Array(words(batch.observedNs, rows)),
    durationNs: new BigInt64Array(words(batch.durationNs, rows)),
    component: indexes(batch.component),
    host: indexes(batch.host),
    service: indexes(batch.service),
    severityText: indexes(batch.severityText),
    eventName: indexes(batch.eventName),
    resource: indexes(batch.resource),
    source: indexes(batch.source),
    clock: indexes(batch.clock),
    traceHigh: new BigUint64Array(words(batch.traceHigh, rows)),
    traceLow: new BigUint64Array(words(batch.traceLow, rows)),
    span: new BigUint64Array(words(batch.span, rows)),
    parentSpan: new BigUint64Array(words(batch.parentSpan, rows)),
    body: texts(batch.body),
    bodyIsJson: bytes(batch.bodyIsJson),
    attributes: texts(batch.attributes),
    position: texts(batch.position),
    uid: texts(batch.uid),
  };
}

/** The memory of some rows of a 64-bit column, moved in halves: a bigint for each costs more. */
function words(column: BigInt64Array | BigUint64Array, rows: readonly number[]): ArrayBuffer {
  const from = new Uint32Array(column.buffer, column.byteOffset, column.length * 2);
  const picked = new Uint32Array(rows.length * 2);
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] ?? 0;
    picked[at * 2] = from[row * 2] ?? 0;
    picked[at * 2 + 1] = from[row * 2 + 1] ?? 0;
  }
  return picked.buffer;
}
