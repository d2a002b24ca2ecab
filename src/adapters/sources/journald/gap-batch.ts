import { canonicalJson, type JsonObject } from '../../../base/canonical-json.ts';
import { toRfc3339, type TimeNs } from '../../../base/time.ts';
import type { Entity } from '../../../model/component/entity.ts';
import { RecordBatchBuilder, type RecordBatch } from '../../../model/record/record-batch.ts';
import { SEVERITY } from '../../../model/record/severity.ts';
import { cursorTime, entriesBetween } from './journal-position.ts';

/** Whom a gap is told of. */
export interface GapOrigin {
  readonly source: string;
  readonly resource: JsonObject;
  readonly entity: Entity;
}

/** The record of entries that were removed from the journal before they were read. */
export function gapBatch(
  origin: GapOrigin,
  before: string,
  after: string,
  observedNs: TimeNs,
): RecordBatch {
  const [from, to] = [cursorTime(before), cursorTime(after)];
  const lost = entriesBetween(before, after);
  const builder = new RecordBatchBuilder();
  const words = [
    'entries of the journal were removed before they were read',
    from === undefined || to === undefined ? '' : `: ${toRfc3339(from)} to ${toRfc3339(to)}`,
    lost === undefined ? '' : `, at most ${lost} entries`,
  ];
  builder.add({
    kind: 'event',
    eventName: 'telemetry.source.gap',
    // Something that happened may be missing from the timeline.
    severity: SEVERITY.warn,
    timeNs: to,
    observedNs,
    source: origin.source,
    ...origin.entity,
    resource: canonicalJson(origin.resource),
    body: words.join(''),
    attributes: canonicalJson({
      'telemetry.source.id': origin.source,
      ...(from === undefined ? {} : { 'telemetry.gap.from': toRfc3339(from) }),
      ...(to === undefined ? {} : { 'telemetry.gap.to': toRfc3339(to) }),
      ...(lost === undefined ? {} : { 'telemetry.gap.records_max': lost }),
    }),
  });
  return builder.build();
}
