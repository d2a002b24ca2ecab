import { canonicalJson, type Json, type JsonObject } from '../../base/canonical-json.ts';
import type { TimeNs } from '../../base/time.ts';
import type { Entity } from '../component/entity.ts';
import { RecordBatchBuilder, type RecordBatch } from './record-batch.ts';
import { SEVERITY } from './severity.ts';

/** Whom a gap is told of. */
export interface GapOrigin {
  readonly source: string;
  readonly resource: JsonObject;
  readonly entity: Entity;
}

/** Something that was there to read and is gone. */
export interface SourceGap {
  readonly body: string;
  /** When it ended, as far as is known. */
  readonly timeNs?: TimeNs | undefined;
  readonly observedNs: TimeNs;
  /** `telemetry.gap.…`; what is undefined is left out. */
  readonly attributes: Readonly<Record<string, Json | undefined>>;
}

/** The record of what a source lost before it was read. */
export function sourceGap(origin: GapOrigin, gap: SourceGap): RecordBatch {
  const builder = new RecordBatchBuilder();
  const told = Object.entries(gap.attributes).flatMap(([name, value]): [string, Json][] =>
    value === undefined ? [] : [[name, value]],
  );
  builder.add({
    kind: 'event',
    eventName: 'telemetry.source.gap',
    // Something that happened may be missing from the timeline.
    severity: SEVERITY.warn,
    timeNs: gap.timeNs,
    observedNs: gap.observedNs,
    source: origin.source,
    ...origin.entity,
    resource: canonicalJson(origin.resource),
    body: gap.body,
    attributes: canonicalJson({
      'telemetry.source.id': origin.source,
      ...Object.fromEntries(told),
    }),
  });
  return builder.build();
}
