import type { RecordBatch } from '../../../model/record/record-batch.ts';

/** The batch without its first row; the columns share their memory. */
export function withoutFirstRow(batch: RecordBatch): RecordBatch {
  return {
    rows: batch.rows - 1,
    dictionary: batch.dictionary,
    kind: batch.kind.subarray(1),
    severity: batch.severity.subarray(1),
    timeNs: batch.timeNs.subarray(1),
    observedNs: batch.observedNs.subarray(1),
    durationNs: batch.durationNs.subarray(1),
    component: batch.component.subarray(1),
    host: batch.host.subarray(1),
    service: batch.service.subarray(1),
    severityText: batch.severityText.subarray(1),
    eventName: batch.eventName.subarray(1),
    resource: batch.resource.subarray(1),
    source: batch.source.subarray(1),
    clock: batch.clock.subarray(1),
    traceHigh: batch.traceHigh.subarray(1),
    traceLow: batch.traceLow.subarray(1),
    span: batch.span.subarray(1),
    parentSpan: batch.parentSpan.subarray(1),
    body: batch.body.slice(1),
    bodyIsJson: batch.bodyIsJson.subarray(1),
    attributes: batch.attributes.slice(1),
    position: batch.position.slice(1),
    uid: batch.uid.slice(1),
  };
}
